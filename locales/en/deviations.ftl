# Deviations in the card.

deviations-none = No deviations
deviations-none-text = Reminders that were not answered, were marked “{ label-bot-missed }” or could not be delivered will appear here.
deviations-when = Date and time
deviations-state = State
deviations-kind = Kind of task
deviations-text = Description

# Deviations of everybody, of the last 72 hours.
deviations-lead = The last 72 hours: not answered, answered “{ label-bot-missed }”, not delivered. The page refreshes itself.
deviations-none-lately = In the last 72 hours everybody answered and everything was delivered. “{ label-bot-missed }” and what could not be delivered appear here at once, the rest when no answer has come for some time.
deviations-citizen = Full name
deviations-seen-at = As of { $time }
