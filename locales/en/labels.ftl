# Names of functions. Each may be renamed in opora.toml under [labels] (PT-005).

## The menu on the left (PT-021).

label-menu-today = Today
label-menu-summary = Summary
label-menu-citizens = { -Citizen(number: "pl") }
label-menu-curators = { -Curator(number: "pl") }
label-menu-activity = Activity
label-menu-meetings = { label-kind-meeting }
label-menu-deviations = Deviations
label-menu-districts = Districts
label-menu-file-types = Message (file) types
label-menu-special-groups = Special groups
label-menu-settings = Settings
label-menu-guide = Guide
label-menu-sign-out = Sign out

## Tabs of the card.

label-tab-data = { -Citizen(case: "poss") } details
label-tab-programme = Support programme
label-tab-files = { -Citizen(case: "poss") } files
label-tab-history = Contact history
label-tab-deviations = Deviations

## Kinds of reminders.

label-kind-support-measures = Support measures
label-kind-information = Information for you
label-kind-meeting = Meeting with the { -curator }
label-kind-curator-reminder = Reminder for the { -curator }

## The bot's buttons (PT-110, PT-131).

label-bot-3-days = 3 days
label-bot-7-days = 7 days
label-bot-14-days = 14 days
label-bot-30-days = 30 days
label-bot-support-measures = { label-kind-support-measures }
label-bot-information = { label-kind-information }
label-bot-upload = Upload files
label-bot-contact = Ask for contact
label-bot-meeting = { label-kind-meeting }
label-bot-done = Done
label-bot-missed = Missed
