# The support programme: the calendar and the task window.

programme-previous = Back
programme-today = Today
programme-next = Forward
programme-moving = Calendar period
programme-key-previous = Previous period (← key)
programme-key-next = Next period (→ key)
programme-key-today = Go to today (T key)
programme-view = Calendar view
programme-view-month = Month
programme-view-week = Week
programme-view-day = Day
programme-view-list = List
programme-kind = Task type
programme-kind-choose = Choose a type
programme-all-kinds = All types
programme-show = Show
programme-add = Add
programme-add-on = Create a task: { $date }
programme-quick = Send a message
programme-more = { $count } more
programme-today-mark = today
programme-zone = Local time of the { -citizen }: { $zone }
programme-empty = Nothing is planned for this period
programme-empty-text = Press “Add” or the free space of a day.
programme-legend-states = Key
programme-warning-unlinked = The bot is not activated: messages will not be delivered
programme-warning-no-bot = The bot is switched off: no messages are sent, and the { -curator } marks reminders by hand

# What lies behind a dot.
programme-story-delivered = Sent { $moment }
programme-story-answered = Answered { $moment }
programme-story-marked = Marked { $moment } by { $name }
programme-author-curator = { -curator }
programme-author-administrator = administrator
programme-author-system = system

# The window.
programme-task-new = Create a task
programme-task-change = Edit the task
programme-task-delete = Delete the task
programme-task-sent = Task
programme-text = Task description
programme-repetition = Repeat
programme-repetition-none = Do not repeat
programme-repetition-daily = Daily
programme-repetition-weekly = Weekly
programme-repetition-monthly = Monthly
programme-every = Interval: every
programme-every-days = day(s)
programme-every-weeks = week(s)
programme-every-months = month(s)
programme-weekdays = Days of the week
programme-end = Ends
programme-end-times = Number of repetitions
programme-times = Number of repetitions, from 1 to 500
programme-end-date = End date
programme-end-date-label = End date, 31.12.2099 at the latest
programme-exclusions = Exceptions
programme-exclusions-hint = Nothing is sent on these days; the reminder goes on afterwards
programme-exclusion-add = Add dates
programme-exclusion-first = First day of the exception
programme-exclusion-last = Last day of the exception
programme-exclusion-remove = Remove the exception
programme-time = Reminder time
programme-date = Date
programme-date-pattern = DD.MM.YYYY
programme-time-pattern = HH:MM
programme-date-pick = Pick a date
programme-start-date = Start date
programme-now = Now
programme-advance = Remind in advance
programme-advance-hint = The message comes earlier; it names the time of the meeting
programme-advance-none = No, at the time of the meeting
programme-advance-hour = 1 hour before
programme-advance-three-hours = 3 hours before
programme-advance-day = 1 day before
programme-advance-two-days = 2 days before
programme-advance-other = Other
programme-advance-minutes = Minutes before, up to 10,080
programme-save-close = Save and close
programme-save-continue = Save and continue
programme-change = Save changes
programme-delete = Delete
programme-reach = What to change
programme-reach-delete = What to delete
programme-reach-only = Only this one
programme-reach-following = This one and all that follow
programme-delete-question = Delete the reminder?
programme-delete-hint = Reminders already sent stay in the calendar.

programme-preview = Next dates
programme-preview-none = Give a date and a time to see when reminders will be sent.
programme-preview-show = Show the dates
programme-preview-excluded = excluded
programme-preview-sum =
    { $count ->
        [one] { $count } reminder, the last on { $last }
       *[other] { $count } reminders, the last on { $last }
    }
programme-preview-many = The last is on { $last }

programme-was-excluded = The reminder was excluded and not sent
programme-step-planned = Planned for
programme-step-delivered = Delivered
programme-step-answered = answered in the bot
programme-step-marked = marked in the panel: { $name }
programme-mark-done = Mark as done
programme-mark-missed = Mark as missed

programme-saved = The task is saved
programme-changed = The changes are saved
programme-changed-following = The reminder is already being sent: the changes apply to the following ones
programme-deleted = The task is deleted
programme-marked = The mark is saved
