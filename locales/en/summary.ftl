# Summary.

plot-numbers = Show the numbers
summary-period = the last 12 weeks
summary-counted = counted until { $date }
summary-lead =
    { $ours ->
        [0] { $share } of the delivered reminders were done.
       *[other] { $share } of the delivered reminders were done. Not delivered by our fault: { $ours }; they do not count.
    }
summary-weeks = How reminders are answered
summary-weeks-text = Shares of reminders that were done, missed, left unanswered or not delivered, week by week
summary-unanswered = Unanswered
summary-unreachable = Out of reach
summary-ours = Not delivered by us
summary-speeds = How quickly people answer
summary-speeds-text = How many answers came so long after the delivery
summary-answers = Answers
summary-within-five = 5 minutes
summary-within-half-hour = half an hour
summary-within-two-hours = 2 hours
summary-within-day = a day
summary-later = later
summary-by-curator = By { -curator }
summary-by-district = By district
summary-name = Who
summary-share = Done, %
summary-nothing = Nothing to count yet
summary-nothing-text = The summary is counted at night. It appears once the first reminders have been sent.
summary-of-citizen = The last 12 weeks
summary-ahead = The load of the next four weeks
summary-ahead-text = How many reminders and meetings fall on each of the next 28 days, from tomorrow on
summary-ahead-reminders = Reminders
summary-ahead-meetings = Meetings
summary-ahead-show = Show
summary-ahead-nothing = Nothing is planned for the next four weeks.
summary-ahead-too-many = More than { $most } series of reminders lie ahead, too many to count at once. Choose whose load to show.
