"""The webhooks of the channels: receipts and answers, signed."""
