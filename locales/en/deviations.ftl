# Deviations in the card.

deviations-none = No deviations
deviations-none-text = Reminders that were not answered, were marked “{ label-bot-missed }” or could not be delivered will appear here.
deviations-when = Date and time
deviations-state = State
deviations-kind = Kind of task
deviations-text = Description
