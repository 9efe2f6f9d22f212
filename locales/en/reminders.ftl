# Support programme: the form, the calendar, messages and letters.

reminders-kind-missing = Choose the type of the task
reminders-text-missing = Required
reminders-text-too-long = The description may have at most { $most } characters
reminders-date-missing = Required
reminders-date-unreadable = Enter the date as DD.MM.YYYY
reminders-date-too-late = The date may not be later than 31.12.2099
reminders-time-missing = Required
reminders-time-unreadable = Enter the time as HH:MM
reminders-time-passed = This time has already passed
reminders-start-passed = The start date has already passed
reminders-repetition-unknown = Choose how it repeats
reminders-interval-limit = The interval must be a whole number from 1 to { $most }
reminders-weekday-missing = Choose at least one day of the week
reminders-times-limit = The number of repetitions must be from 1 to { $most }
reminders-one-end = Give either a number of repetitions or an end date
reminders-end-before-start = The end date is before the start date
reminders-empty = These settings give no reminder at all
reminders-advance-limit = The advance notice may be at most 7 days
reminders-exclusion-order = An exclusion ends before it begins
reminders-exclusions-limit = At most 100 exclusions
reminders-exclusion-sent = The reminder of { $date } has been sent and cannot be excluded any more

reminders-being-sent = The reminder is already being sent
reminders-already-sent = The reminder has already been sent
reminders-mark-own = This reminder is ticked off in “Activity”

reminders-note-month-end = This month has no day { $day }: it falls on the last day
reminders-note-skipped = The clocks go forward: it will come at { $time }
reminders-note-twice = The clocks go back: it will come once, in the first of the two hours

reminders-state-planned = Waiting to be sent
reminders-state-excluded = Excluded
reminders-state-sending = Being sent
reminders-state-awaiting = Sent
reminders-state-done = Done
reminders-state-missed = Missed
reminders-state-undelivered = Not delivered
reminders-state-cancelled = Cancelled

reminders-reason-not-linked = The bot is not connected
reminders-reason-bot-blocked = The bot is blocked
reminders-reason-too-late = The server was down at that time
reminders-reason-send-failed = Sending failed
reminders-reason-no-channel = The bot is not in use

reminders-late = Reminder for { $time }
reminders-marked = Marked: { $reaction }
reminders-more = and { $count } more

reminders-letter-subject = Reminder: { $name }
reminders-missed-subject = Reminders not sent
reminders-missed-intro =
    { $count ->
        [one] The server was down, and { $count } reminder was not sent in time. It will not be sent any more:
       *[other] The server was down, and { $count } reminders were not sent in time. They will not be sent any more:
    }
