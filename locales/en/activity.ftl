# Activity.

## Kinds of records (PT-202).

activity-kind-file = file
activity-kind-contact = contact with the { -curator }
activity-kind-missed = missed (5 days)
activity-kind-inactive = inactive (10 days)
activity-kind-no-assignments = no assignments (2 days)
activity-kind-curator-reminder = reminders for the { -curator }

## Filters.

activity-name = { -Citizen(case: "poss") } full name
activity-curator = { -Curator }
activity-curators-all = All
activity-district = District
activity-districts-all = All districts
activity-seen-filter = Seen
activity-seen-all = All
activity-seen-yes = Seen
activity-seen-no = Not seen
activity-kind = Type
activity-kinds-all = All types
activity-first = First date
activity-last = Last date
activity-today = Today
activity-yesterday = Yesterday
activity-this-week = This week
activity-search = Find
activity-reset = Reset
activity-dates-swapped = The first date is later than the last

## The list.

activity-when = Date and time
activity-content = Content
activity-total =
    { $count ->
        [one] { $shown } record
       *[other] { $shown } records
    }
activity-total-more = more than { $shown } records
activity-unseen = Not seen: { $count }
activity-unseen-link = Show those not seen
activity-overdue = Overdue
activity-then = Then: { $name }
activity-request = Request for contact
activity-call = Write down the result
activity-result = Result: { $text }
activity-missed-dates = “{ label-bot-missed }” every day from { $first } to { $last }
activity-inactive-dates = Nothing marked from { $first } to { $last }
activity-in-touch-files =
    { $count ->
        [one] { $count } file sent in this time
       *[other] { $count } files sent in this time
    }
activity-in-touch-requests =
    { $count ->
        [one] { $count } request for contact in this time
       *[other] { $count } requests for contact in this time
    }
activity-last-reminder = Last reminder: { $date }
activity-programme = Support programme
activity-tick = Mark as seen
activity-untick = Take the mark away
activity-ticked = Marked: { $who }, { $when }

## Empty lists.

activity-none = No records yet
activity-none-text = Files and requests for contact from the bot appear here, reminders for the { -curator } that came due, and records of missed days, silence and ending assignments.
activity-nothing-found = Nothing found
activity-nothing-found-text = Change the filters or reset them.
activity-all-seen = Everything has been seen
activity-all-seen-text = No record with these filters waits.

# The letter about records that wait
activity-digest-subject =
    { $count ->
        [one] Activity: { $count } record waits
       *[other] Activity: { $count } records wait
    }
activity-digest-intro =
    { $count ->
        [one] { $count } record waits to be seen:
       *[other] { $count } records wait to be seen:
    }
activity-digest-more =
    { $count ->
        [one] … and { $count } more
       *[other] … and { $count } more
    }
