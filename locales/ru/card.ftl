# The frame of a citizen's card.

card-tabs = Разделы карточки
card-age =
    { $years ->
        [one] { $years } год
        [few] { $years } года
       *[many] { $years } лет
    }
card-curator = { -curator } { $name }
card-bot-linked = Бот активирован
card-bot-waiting = Бот не активирован
card-bot-blocked = Бот заблокирован { -citizen(case: "ins") }
card-closed = Доступно после активации бота
