# Import of citizens from a table.

import-title = Загрузка из таблицы
import-intro = Загрузите список { -citizen(case: "gen", number: "pl") } из Excel или CSV. Сначала вы увидите, что получится; до вашего решения ничего не записывается, а загруженное можно отменить целиком за 30 дней.
import-columns = Столбцы узнаются по заголовкам и могут стоять в любом порядке. Нужны фамилия, имя (или ФИО одним столбцом) и номер телефона; { -curator }, район и группы указываются по названию.
import-template = Скачать шаблон
import-template-name = Шаблон загрузки.xlsx
import-sheet-name = Список
import-file = Файл .xlsx или .csv
import-file-hint = До { $megabytes } МБ и { $rows } строк. CSV — в кодировке UTF-8 или Windows-1251.
import-check = Проверить
import-none-chosen = Выберите файл
import-too-large = Файл слишком большой. Наибольший размер — { $megabytes } МБ
import-too-large-unpacked = Таблица слишком большая. Разделите её на несколько файлов
import-too-many-rows = В таблице больше { $limit } строк. Разделите её на несколько файлов
import-not-a-table = Файл не читается как таблица. Сохраните его как .xlsx или .csv
import-no-header = Не найдена строка заголовков. Нужны столбцы «Фамилия», «Имя» (или «ФИО») и «Номер телефона»
import-no-rows = Под заголовками нет ни одной строки

import-fault-twin = тот же человек, что в строке { $row }
import-fault-no-such-name = «{ $name }» нет в списке
import-fault-name-of-several = «{ $name }» есть в списке не один раз: укажите после загрузки в карточке
import-fault-changed = карточку изменили во время загрузки
import-line = Строка { $row }: { $fault }
import-line-field = Строка { $row }, { $field }: { $fault }

import-earlier = Прежние загрузки
import-empty = Загрузок ещё не было
import-empty-text = Начните с шаблона: заполните его и загрузите здесь.
import-state-checking = Проверяется
import-state-ready = Ждёт решения
import-state-running = Загружается
import-state-done = Загружено
import-state-undoing = Отменяется
import-state-undone = Отменено
import-state-forgotten = Завершено
import-progress = Обработано строк: { $done } из { $total }. Страница обновляется сама, её можно закрыть: работа продолжится.
import-ignored = Столбцы, которых нет в карточке, не загружаются: { $names }

import-count-new = Новые
import-count-known = Уже есть
import-count-faulty = С ошибками
import-count-created = Создано карточек
import-count-filled = Дополнено карточек
import-count-skipped = Пропущено
import-count-refused = Не загружено
import-count-undone = Отменено
import-count-kept = Оставлено
import-nothing-to-do = Загружать нечего: все строки с ошибками.
import-faulty-stay = Строки с ошибками не загружаются. Исправьте их в файле и загрузите его ещё раз: те, кто уже есть, не задвоятся.
import-existing = Что делать с теми, кто уже есть
import-existing-skip = Пропустить
import-existing-fill = Дополнить пустые поля карточки
import-start = Загрузить
import-discard = Не загружать
import-discarded = Таблица убрана, ничего не записано
import-started = Загрузка началась

import-part-faulty = С ошибками
import-part-known = Уже есть
import-part-new = Новые
import-part-kept = Оставлены
import-row = Строка
import-name = ФИО
import-fault = Что не так
import-part-empty = Здесь нет ни одной строки

import-undo = Отменить загрузку
import-undo-question = Отменить загрузку?
import-undo-text = Созданные карточки будут удалены (их можно восстановить 30 дней), дополненные поля — очищены.
import-undo-changed = Эти карточки с тех пор изменили или начали с ними работать. Они останутся как есть:
import-undo-more = Показаны первые { $count }.
import-undo-started = Отмена началась
import-not-undoable = Эту загрузку уже нельзя отменить
