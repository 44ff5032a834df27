"""``make demo``: a real video, a queued tracking job, labels to review; told step by step."""
