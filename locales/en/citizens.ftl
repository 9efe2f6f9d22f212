# Citizens: list, card and activation.

citizens-similar =
    { $whose ->
        [hidden] There is already a similar card: it belongs to another { -curator }
       *[shown] There is already a similar card: { $name }
    }
citizens-date-is-past = Give today or a later day
citizens-wrong-zone = There is no such time zone. Choose one from the list

# Activation of the bot
activation-code-used = The code has already been used
activation-access-ended = Access to the bot has been switched off
activation-blocked-subject = { $name }: bot blocked
activation-blocked-text = { $name } no longer receives reminders: the bot was stopped or blocked. Phone: { $phone }.
activation-alarm-subject = Somebody is guessing activation codes
activation-alarm-text =
    { $count ->
        [one] { $count } wrong activation code was sent to the bot
       *[other] { $count } wrong activation codes were sent to the bot
    } within the last hour. Somebody seems to be guessing. Answers to wrong codes are now delayed; valid codes work as before.


citizens-add = Add { -citizen(case: "acc") }
citizens-new = New card
citizens-new-hint = Surname, name and phone number are required. The bot's activation code appears once the card is saved.
citizens-added = The card is saved
citizens-surname = Surname
citizens-name = Name
citizens-patronymic = Patronymic
citizens-birth-date = Date of birth
citizens-date-form = DD.MM.YYYY
citizens-inn = Taxpayer number (INN)
citizens-phone = Phone number
citizens-phone-short = Phone
citizens-email = E-mail
citizens-curator = Full name of the { -curator }
citizens-district = District
citizens-time-zone = Time zone
citizens-zone-default = that of the district or organisation
citizens-zone-default-house = that of the organisation
citizens-zone-kaliningrad = Kaliningrad (Moscow −1)
citizens-zone-moscow = Moscow
citizens-zone-samara = Samara (Moscow +1)
citizens-zone-yekaterinburg = Yekaterinburg (Moscow +2)
citizens-zone-omsk = Omsk (Moscow +3)
citizens-zone-krasnoyarsk = Krasnoyarsk (Moscow +4)
citizens-zone-irkutsk = Irkutsk (Moscow +5)
citizens-zone-yakutsk = Yakutsk (Moscow +6)
citizens-zone-vladivostok = Vladivostok (Moscow +7)
citizens-zone-magadan = Magadan (Moscow +8)
citizens-zone-kamchatka = Kamchatka (Moscow +9)
citizens-situation = Situation
citizens-diary = Diary
citizens-diary-hint = Seen by staff only
citizens-inactive = Inactive { -citizen }
citizens-inactive-until = inactive until
citizens-inactive-until-hint = Empty: until the mark is removed
citizens-inactive-pill = inactive
citizens-inactive-until-pill = inactive until { $date }
citizens-groups = Special groups
citizens-show-groups = Show special groups
citizens-no-groups = No groups yet: whoever runs the system keeps the list
citizens-save-anyway = Save anyway
citizens-open-fresh = Open the card with the latest changes in a new window
citizens-in-list = Show in the list
citizens-made = Card made { $moment } by { $author }

citizens-full-name = Full name
citizens-search-name = Search by name
citizens-search = Search
citizens-order = Order
citizens-order-created = As they were added
citizens-order-name = By name, A to Z
citizens-order-name-falling = By name, Z to A
citizens-sort-by-name = Sort by name
citizens-reset = Reset
citizens-curator-filter = { -Curator }
citizens-all-districts = All districts
citizens-all-curators = All
citizens-all-groups = All groups
citizens-bot = Bot
citizens-bot-linked = activated
citizens-bot-not-linked = not activated
citizens-bot-blocked = blocked
citizens-empty = Your { -citizen(number: "pl") } will be listed here
citizens-empty-text = Make the first card: surname, name and phone. Then hand over the activation code, and reminders can be planned.
citizens-nothing-found = Nobody found
citizens-nothing-found-text = Try a part of the surname or name: the order of words and capital letters do not matter.

citizens-code = Activation code
citizens-code-until = Valid until { $moment }
citizens-code-expired = The code expired on { $moment }
citizens-code-hint = Dictate the code by phone, show the picture or send the link. The code works once.
citizens-code-extended = The code is valid again
citizens-code-renewed = A new activation code is issued
citizens-copy = Copy
citizens-copy-link = copy the link
citizens-extend-code = Extend the code
citizens-new-code = Issue a new code
citizens-new-code-question = Issue a new code?
citizens-new-code-text = The present code will stop working.
citizens-way-telegram = Open in Telegram
citizens-way-web = Open the web chat
citizens-bot-activated = Bot activated
citizens-bot-is-blocked = The bot is blocked by the { -citizen }
citizens-link = { $messenger }, since { $moment }
citizens-link-blocked = { $messenger }: blocked, was connected on { $moment }
citizens-messenger-telegram = Telegram
citizens-messenger-web = Web chat
citizens-disconnect = Disconnect the bot
citizens-disconnect-question = Disconnect the bot?
citizens-disconnect-text = { $name } will get no reminders in the messenger until the new code is entered. The code will appear on the card.

# Ticked rows, transfer and deletion
citizens-tick = Tick: { $name }
citizens-tick-page = Tick all on this page
citizens-keep-ticks = Remember the ticks
citizens-chosen = Ticked: { $number }
citizens-tick-found = Choose all found
citizens-untick = Clear the ticks
citizens-do = Do
citizens-do-transfer = Transfer the chosen { -citizen(number: "pl") } to another { -curator }
citizens-none-chosen = No { -citizen } is chosen
citizens-none-chosen-text = Tick rows in the list and choose the act again.
citizens-to-list = To the list
citizens-transfer = Transfer of { -citizen(number: "pl") }
citizens-transfer-lead = Chosen: { n-citizens }
citizens-transfer-text = Reminders go on as they are. The former member of staff loses access to the cards at once.
citizens-transfer-to = Transfer to
citizens-transfer-act = Transfer
citizens-transferred = Transferred: { $number }
citizens-transfer-changed = The ticks have changed meanwhile, they are { $number } now. Nobody was transferred: check the number and press the button again
citizens-transfer-notice = Your { -curator } is now { $name }
citizens-delete = Delete the card
citizens-delete-one = Delete: { $name }
citizens-delete-question = Delete the card “{ $name }”?
citizens-delete-text =
    { $days ->
        [one] Reminders stop, the bot is disconnected, files and history are hidden at once. The card can be restored within { $days } day; then its data are erased for good.
       *[other] Reminders stop, the bot is disconnected, files and history are hidden at once. The card can be restored within { $days } days; then its data are erased for good.
    }
citizens-deleted = The card is deleted. It can be restored on the page “Deleted”
citizens-deleted-title = Deleted
citizens-deleted-lead = Cards that can still be restored. After that a new activation code is needed.
citizens-deleted-none = No card was deleted
citizens-deleted-none-text = Cards that the administrator deletes appear here.
citizens-deleted-at = Deleted
citizens-deleted-left = Left
citizens-deleted-days =
    { $days ->
        [0] less than a day
        [one] { $days } day
       *[other] { $days } days
    }
citizens-restore = Restore
citizens-restored = The card is restored, a new activation code is issued
citizens-code-missing = There is no activation code yet
citizens-code-missing-text = Issue a code to connect the bot.
citizens-give-code = Issue a code
