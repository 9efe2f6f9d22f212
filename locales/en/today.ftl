# Today: who needs help and why.

today-hello-morning = Good morning
today-hello-day = Good afternoon
today-hello-evening = Good evening
today-hello-night = Good night
today-hello-name = { $hello }, { $name }
today-nobody-waits = nobody is waiting
today-people-wait =
    { $count ->
        [one] { $count } person is waiting for you
       *[other] { $count } people are waiting for you
    }
today-numbers = The day in short
today-tile-contacts = Ask for contact
today-tile-overdue = overdue: { $count }
today-tile-deviations = Have deviations
today-tile-hours = within the last 72 hours
today-tile-files = New files
today-tile-meetings = Meetings today
today-tile-next-meeting = the next at { $time }
today-tallies = Reminders today
today-tally-sent = Delivered
today-tally-done = Done
today-tally-missed = Missed
today-tally-unanswered = No answer yet
today-tally-undelivered = Not delivered
today-tally-too-many = More than { $most } reminders today: this page does not count so many, the day's figures come at night in “{ label-menu-summary }”.
today-calm = All is calm
today-calm-text = Nobody waits for an answer, there are no new files and no deviations. Whatever needs your attention will appear here.

today-people = You are needed
today-people-order = first what cannot wait
today-meetings = Meetings today
today-files = New files
today-also = Also:
today-overdue = Overdue
today-clash = There already is a meeting at this time
today-ticked = Processed

## What follows the name.

today-what-contact = asks for contact
today-what-own = — a reminder for you
today-what-missed = — “{ label-bot-missed }” 5 days in a row
today-what-silence = — 10 days without a mark
today-what-no-assignments = — the assignments are ending
today-what-blocked = — out of reach in the messenger
today-what-expired = — the bot is not activated
today-what-deviations =
    { $count ->
        [one] — { $count } deviation
       *[other] — { $count } deviations
    }
today-also-contact = a request for contact
today-also-own = a reminder for you
today-also-missed = “{ label-bot-missed }” 5 days in a row
today-also-silence = 10 days without a mark
today-also-no-assignments = the assignments are ending
today-also-blocked = the bot is blocked
today-also-expired = the bot is not activated
today-also-deviations =
    { $count ->
        [one] { $count } deviation
       *[other] { $count } deviations
    }

## Details.

today-asked = Asked: { $when }, waits for { $waited }
today-blocked-since = The bot was blocked: { $when }
today-expired-since = The code was valid until: { $when }
today-latest = { $date }, { $time } — { $state }
today-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
today-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
today-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## Acts.

today-call = Call
today-write-result = Write the result
today-done = Processed
today-open-card = Open the card
today-open-programme = Open the programme
today-open-deviations = Open deviations
today-look = View
today-more = { $count } more
today-more-contacts = More requests for contact: { $count }
today-more-own = More reminders for you: { $count }
today-more-rules = More records of activity: { $count }
today-more-deviations = More with deviations: { $count }
today-more-unreachable = More out of reach: { $count }
