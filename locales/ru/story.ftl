# История одного напоминания: почему оно в таком состоянии.

story-added = добавлено { $when }: { $name }
story-claimed = Передано на отправку
story-fired = Сработало
story-down = Сервер не работал с { $from } до { $to }
story-standstill = { $messenger } не принимал сообщения с { $from } до { $to }
story-ours = наша неполадка: { -citizen(case: "dat") } не засчитывается
story-held = Пришлось подождать: мессенджер ограничил отправку
story-retried = Отправить не удалось, попытка повторена
story-repeated = Отправлено ещё раз: неизвестно, дошло ли первое
story-lost = Неизвестно, дошло ли и повторное
story-blocked = Бот заблокирован
story-refused = Мессенджер отказал
story-times =
    { $count ->
        [one] { $count } раз, последний — { $last }
        [few] { $count } раза, последний — { $last }
       *[many] { $count } раз, последний — { $last }
    }
story-number = сообщение № { $number }
story-marked-repeat = с пометкой о повторе
story-answered-after = { $how } через { $after }
story-answered-late = { $how }, с опозданием
story-marked-from = { $how } (было «{ $from }»)
story-why = История
