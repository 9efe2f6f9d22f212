# The frame of a citizen's card.

card-tabs = Sections of the card
card-age =
    { $years ->
        [one] { $years } year old
       *[other] { $years } years old
    }
card-curator = { -curator } { $name }
card-bot-linked = Bot activated
card-bot-waiting = Bot not activated
card-bot-blocked = Bot blocked by the { -citizen }
card-closed = Available once the bot is activated
