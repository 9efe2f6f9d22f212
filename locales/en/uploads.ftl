# Answers to files that were sent (PT-123, PT-126).
uploads-stored = The file has been uploaded
uploads-failed = The file could not be uploaded. Please send it again
uploads-too-large = The file is too large. The limit is { $megabytes } MB
