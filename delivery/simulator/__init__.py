"""The other end of every port, over real HTTP: channels, plan service, phone page and inspector."""
