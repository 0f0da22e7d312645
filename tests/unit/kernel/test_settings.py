"""Settings: environment over file over defaults, and what production refuses."""

from pathlib import Path

import pytest

from kernel.errors import SettingsError
from kernel.settings import Environment, Settings
from kernel.settings_values import NEEDED


def demo(folder: Path, **values: str) -> dict[str, str]:
    return {"SVARBRO_INSTANCE_DIR": str(folder)} | {f"SVARBRO_{name.upper()}": value for name, value in values.items()}


def production(folder: Path, **values: str) -> dict[str, str]:
    needed = {
        "env": "production",
        "database_url": "postgresql+psycopg://svarbro:secret-word@db/svarbro",
        "public_url": "https://svarbro.example",
        "keys_file": str(folder.parent / "keys.json"),
        "webpatient_url": "https://channel.example",
        "webpatient_token": "secret-word",
        "minlaege_url": "https://app.example",
        "minlaege_token": "secret-word",
        "flp_url": "https://plan.example",
        "flp_token": "secret-word",
        "lps_url": "https://practice.example",
        "lps_token": "secret-word",
    }
    return demo(folder, **(needed | values))


def test_demo_needs_no_setting_at_all(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_env({})

    assert settings.is_demo
    assert settings.instance_dir == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/svarbro.sqlite"
    assert settings.clock_file == tmp_path / "instance" / "clock-offset"


def test_the_process_environment_is_read_when_nothing_stands_in_for_it(monkeypatch, tmp_path):
    monkeypatch.setenv("SVARBRO_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("SVARBRO_PUBLIC_URL", "http://192.0.2.1:8080")

    assert Settings.from_env().public_url == "http://192.0.2.1:8080"


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path):
    (tmp_path / "settings.toml").write_text(
        'public_url = "http://file.example"\nwebpatient_url = "http://file.example"\nrequest_timeout_s = 7\n'
    )

    settings = Settings.from_env(demo(tmp_path, public_url="http://environment.example"))

    assert settings.public_url == "http://environment.example"
    assert settings.webpatient_url == "http://file.example"
    assert settings.request_timeout_s == 7.0
    assert settings.flp_url == "http://127.0.0.1:8081"


def test_addresses_lose_their_trailing_slash(tmp_path):
    names = ("public_url", "webpatient_url", "minlaege_url", "print_url", "flp_url", "lps_url")

    settings = Settings.from_env(demo(tmp_path, **{name: f"http://{name}.example/" for name in names}))

    assert {name: getattr(settings, name) for name in names} == {name: f"http://{name}.example" for name in names}


def test_production_names_every_missing_variable_at_once(tmp_path):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(demo(tmp_path, env="production"))

    assert [name for name in NEEDED if f"SVARBRO_{name.upper()} is missing." not in caught.value.text] == []


@pytest.mark.parametrize("name", NEEDED)
def test_production_refuses_to_start_without_one_of_its_settings(tmp_path, name):
    environ = production(tmp_path)
    del environ[f"SVARBRO_{name.upper()}"]

    with pytest.raises(SettingsError, match=f"SVARBRO_{name.upper()} is missing"):
        Settings.from_env(environ)


def test_keys_may_come_from_the_environment_instead_of_a_file_and_are_never_shown(tmp_path):
    environ = production(tmp_path)
    del environ["SVARBRO_KEYS_FILE"]

    settings = Settings.from_env({**environ, "SVARBRO_KEYS": "{the text of a key ring}"})

    assert settings.keys == "{the text of a key ring}"
    assert "key ring" not in repr(settings)


def test_production_has_no_time_travel(tmp_path):
    settings = Settings.from_env(production(tmp_path))

    assert settings.env is Environment.PRODUCTION
    assert not settings.is_demo
    assert settings.clock_file is None


def test_production_wants_patients_to_come_by_https(tmp_path):
    with pytest.raises(SettingsError, match="must begin with https://"):
        Settings.from_env(production(tmp_path, public_url="http://svarbro.example"))


def test_an_unknown_environment_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="SVARBRO_ENV must be demo or production"):
        Settings.from_env(demo(tmp_path, env="staging"))


@pytest.mark.parametrize(
    ("value", "fault"),
    [("0", "above 0"), ("-1", "above 0"), ("inf", "finite"), ("nan", "finite"), ("soon", "a number of seconds")],
    ids=["zero", "negative", "endless", "not-a-number", "text"],
)
def test_a_timeout_that_is_none_is_refused(tmp_path, value, fault):
    with pytest.raises(SettingsError, match=f"SVARBRO_REQUEST_TIMEOUT_S must be .*{fault}"):
        Settings.from_env(demo(tmp_path, request_timeout_s=value))


def test_the_shortest_timeout_above_zero_is_taken(tmp_path):
    assert Settings.from_env(demo(tmp_path, request_timeout_s="0.1")).request_timeout_s == 0.1


def test_a_name_in_the_file_that_is_no_setting_is_refused(tmp_path):
    (tmp_path / "settings.toml").write_text('databse_url = "sqlite://"\n')

    with pytest.raises(SettingsError, match=r"databse_url in instance/settings\.toml is no setting"):
        Settings.from_env(demo(tmp_path))


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    (tmp_path / "settings.toml").write_text("database_url: sqlite")

    with pytest.raises(SettingsError, match=r"instance/settings\.toml is not TOML"):
        Settings.from_env(demo(tmp_path))


def test_a_variable_of_ours_that_is_no_setting_is_left_to_others(tmp_path):
    assert Settings.from_env(demo(tmp_path, require_browser="1")).is_demo


def test_secrets_do_not_show_when_settings_are_printed(tmp_path):
    assert "secret-word" not in repr(Settings.from_env(production(tmp_path)))


def test_production_keeps_its_keys_out_of_the_instance_directory(tmp_path):
    environ = production(tmp_path, keys_file=str(tmp_path / "keys.json"))

    with pytest.raises(SettingsError, match="SVARBRO_KEYS_FILE must lie outside"):
        Settings.from_env(environ)


OPERATOR = {"operator_url": "https://alarms.example/svarbro", "operator_secret": "whsec_" + "c2VjcmV0" * 4}


def test_the_operators_address_comes_with_a_secret_that_is_never_shown(tmp_path):
    settings = Settings.from_env(production(tmp_path, **OPERATOR))

    assert (settings.operator_url, settings.operator_secret) == tuple(OPERATOR.values())
    assert "whsec_" not in repr(settings)
    assert Settings.from_env(demo(tmp_path)).operator_url == ""


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        pytest.param({"operator_secret": ""}, "belong together", id="no secret"),
        pytest.param({"operator_url": ""}, "belong together", id="no address"),
        pytest.param({"operator_secret": "secret"}, "whsec_ followed by base64", id="no signing secret"),
        pytest.param({"operator_secret": "whsec_c2Vj!"}, "whsec_ followed by base64", id="no base64"),
        pytest.param({"operator_url": "http://alarms.example"}, "https://", id="plain HTTP in production"),
    ],
)
def test_an_operators_address_that_cannot_be_used_stops_the_start(tmp_path, changed, fault):
    with pytest.raises(SettingsError, match=fault) as caught:
        Settings.from_env(production(tmp_path, **{**OPERATOR, **changed}))
    assert "c2Vj" not in str(caught.value)


def test_demo_may_post_alarms_over_plain_http(tmp_path):
    local = {**OPERATOR, "operator_url": "http://127.0.0.1:9000/alarms"}

    assert Settings.from_env(demo(tmp_path, **local)).operator_url == local["operator_url"]


def test_a_worker_makes_as_many_calls_at_once_as_it_is_told(tmp_path):
    assert Settings.from_env(demo(tmp_path)).calls == 16
    assert [Settings.from_env(demo(tmp_path, calls=told)).calls for told in ("1", "64")] == [1, 64]


@pytest.mark.parametrize("wrong", ["0", "65", "-1", "1.5", "many", ""], ids=str)
def test_a_number_of_calls_that_no_worker_makes_is_refused(tmp_path, wrong):
    with pytest.raises(SettingsError, match="SVARBRO_CALLS must be a whole number from 1 to 64"):
        Settings.from_env(demo(tmp_path, calls=wrong))


def test_the_limits_of_alarms_are_numbers(tmp_path):
    settings = Settings.from_env(demo(tmp_path, alarm_age_s="60.5", alarm_stuck="12"))

    assert (settings.alarm_age_s, settings.alarm_stuck) == (60.5, 12)
    for name, wrong in (("alarm_age_s", "0"), ("alarm_age_s", "soon"), ("alarm_stuck", "0"), ("alarm_stuck", "1.5")):
        with pytest.raises(SettingsError, match=f"SVARBRO_{name.upper()}"):
            Settings.from_env(demo(tmp_path, **{name: wrong}))


@pytest.mark.parametrize("proxies", ["0", "9"])
def test_the_number_of_proxies_has_one_digit(tmp_path, proxies):
    assert Settings.from_env(demo(tmp_path, proxies=proxies)).proxies == int(proxies)


@pytest.mark.parametrize(("name", "value"), [("proxies", "-1"), ("proxies", "10"), ("rates", "maybe")])
def test_what_the_edge_cannot_use_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError, match=f"SVARBRO_{name.upper()} must be"):
        Settings.from_env(demo(tmp_path, **{name: value}))


def test_demo_counts_calls_only_when_told_and_production_always(tmp_path):
    assert not Settings.from_env(demo(tmp_path)).rates
    assert Settings.from_env(demo(tmp_path, rates="on")).rates
    assert Settings.from_env(production(tmp_path)).rates
    assert (Settings.from_env(demo(tmp_path)).proxies, Settings.from_env(production(tmp_path)).proxies) == (0, 1)
    with pytest.raises(SettingsError, match="SVARBRO_RATES is always on"):
        Settings.from_env(production(tmp_path, rates="off"))


@pytest.mark.parametrize(
    "url",
    ["http://channel.example", "https://user@channel.example", "https://user:word@channel.example", "https://[::1]",
     "ftp://channel.example", "https://channel.example/a@b", "channel.example"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["webpatient_url", "minlaege_url", "print_url", "flp_url", "lps_url", "kms_url"])
def test_production_calls_nobody_without_tls_or_with_a_name_in_the_address(tmp_path, name, url):
    with pytest.raises(SettingsError, match=f"SVARBRO_{name.upper()} must begin with https://"):
        Settings.from_env(production(tmp_path, **{name: url}))


KMS = {"kms_url": "https://kms.example/v1/transit", "kms_token": "secret-word"}


def test_a_key_management_service_has_an_address_a_token_and_a_key(tmp_path):
    settings = Settings.from_env(production(tmp_path, **{**KMS, "kms_url": f"{KMS['kms_url']}/"}))

    assert (settings.kms_url, settings.kms_key) == (KMS["kms_url"], "svarbro")
    assert "secret-word" not in repr(settings)
    assert Settings.from_env(production(tmp_path)).kms_url == ""


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"kms_token": ""}, "belong together"),
        ({"kms_url": ""}, "belong together"),
        ({"keys": "{}"}, "cannot stand beside it"),
        ({"kms_url": "kms.example"}, "SVARBRO_KMS_URL must begin with https://"),
        *[({"kms_key": name}, "must be the name of a key") for name in ("", "../other", "a/b", "a" * 41)],
    ],
)
def test_half_a_key_management_service_is_refused(tmp_path, values, fault):
    with pytest.raises(SettingsError, match=fault):
        Settings.from_env(demo(tmp_path, **{**KMS, **values}))


def test_hosts_are_a_list_in_small_letters(tmp_path):
    assert Settings.from_env(demo(tmp_path, hosts="One.example,two.example")).hosts == {"one.example", "two.example"}
