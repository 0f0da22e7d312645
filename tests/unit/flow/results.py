"""What there is to see of one enrolment's results."""


def newest(way, enrolled):
    with way.look() as tx:
        return tx.suggestions.newest(enrolled.enrolment_id)


def decisions(way, enrolled):
    with way.look() as tx:
        return tx.decisions.of_enrolment(enrolled.enrolment_id)
