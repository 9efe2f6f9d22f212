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
activation-alarm-subject = Somebody is guessing activation codes
activation-alarm-text =
    { $count ->
        [one] { $count } wrong activation code was sent to the bot
       *[other] { $count } wrong activation codes were sent to the bot
    } within the last hour. Somebody seems to be guessing. Answers to wrong codes are now delayed; valid codes work as before.
