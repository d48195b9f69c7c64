"""Where the podcast lies: one port of five verbs, a folder and S3 behind it. The only home of boto3."""
