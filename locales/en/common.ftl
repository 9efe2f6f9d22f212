product-name = Quality of Life Diary
product-short-name = Life Diary

## Counted people.

n-citizens =
    { $count ->
        [one] { $count } { -citizen }
       *[other] { $count } { -citizen(number: "pl") }
    }
n-curators =
    { $count ->
        [one] { $count } { -curator }
       *[other] { $count } { -curator(number: "pl") }
    }

## Dates, sizes and numbers.

date-long =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }, { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
date-month-title =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
date-weekday-short =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
number-group = { "\u202F" }
number-decimal = .
size-bytes = { $size }{ "\u00A0" }B
size-kilobytes = { $size }{ "\u00A0" }KB
size-megabytes = { $size }{ "\u00A0" }MB
size-gigabytes = { $size }{ "\u00A0" }GB
