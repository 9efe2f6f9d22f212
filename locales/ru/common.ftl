product-name = Дневник самоконтроля качества жизни
product-short-name = Дневник самоконтроля

## Counted people.

n-citizens =
    { $count ->
        [one] { $count } { -citizen }
        [few] { $count } { -citizen(case: "few") }
       *[many] { $count } { -citizen(case: "gen", number: "pl") }
    }
n-curators =
    { $count ->
        [one] { $count } { -curator }
        [few] { $count } { -curator(case: "few") }
       *[many] { $count } { -curator(case: "gen", number: "pl") }
    }

## Dates, sizes and numbers.

date-long =
    { $day } { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    } { $year }, { $weekday ->
        [1] понедельник
        [2] вторник
        [3] среда
        [4] четверг
        [5] пятница
        [6] суббота
       *[7] воскресенье
    }
date-month-title =
    { $month ->
        [1] Январь
        [2] Февраль
        [3] Март
        [4] Апрель
        [5] Май
        [6] Июнь
        [7] Июль
        [8] Август
        [9] Сентябрь
        [10] Октябрь
        [11] Ноябрь
       *[12] Декабрь
    } { $year }
date-weekday-short =
    { $weekday ->
        [1] Пн
        [2] Вт
        [3] Ср
        [4] Чт
        [5] Пт
        [6] Сб
       *[7] Вс
    }
number-group = { "\u202F" }
number-decimal = ,
size-bytes = { $size }{ "\u00A0" }Б
size-kilobytes = { $size }{ "\u00A0" }КБ
size-megabytes = { $size }{ "\u00A0" }МБ
size-gigabytes = { $size }{ "\u00A0" }ГБ
