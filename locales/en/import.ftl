# Import of citizens from a table.

import-title = Load from a table
import-intro = Load a list of { -citizen(number: "pl") } from Excel or CSV. First you see what would come of it; nothing is written until you decide, and the whole can be taken back for 30 days.
import-columns = Columns are recognised by their headings and may stand in any order. Surname, name (or the full name in one column) and phone number are needed; { -curator }, district and groups are given by name.
import-template = Download the template
import-template-name = Template.xlsx
import-sheet-name = List
import-file = File .xlsx or .csv
import-file-hint = Up to { $megabytes } MB and { $rows } rows. CSV in UTF-8 or Windows-1251.
import-check = Check
import-none-chosen = Choose a file
import-too-large = The file is too large. The largest size is { $megabytes } MB
import-too-large-unpacked = The table is too large. Split it into several files
import-too-many-rows = The table has more than { $limit } rows. Split it into several files
import-not-a-table = The file does not read as a table. Save it as .xlsx or .csv
import-no-header = No row of headings was found. The columns “Surname”, “Name” (or “Full name”) and “Phone number” are needed
import-no-rows = There is no row below the headings

import-fault-twin = the same person as in row { $row }
import-fault-no-such-name = “{ $name }” is not in the list
import-fault-name-of-several = “{ $name }” is in the list more than once: choose it in the card afterwards
import-fault-changed = the card was changed during the import
import-line = Row { $row }: { $fault }
import-line-field = Row { $row }, { $field }: { $fault }

import-earlier = Earlier imports
import-empty = No imports yet
import-empty-text = Begin with the template: fill it in and load it here.
import-state-checking = Being checked
import-state-ready = Waits for a decision
import-state-running = Being loaded
import-state-done = Loaded
import-state-undoing = Being taken back
import-state-undone = Taken back
import-state-forgotten = Finished
import-progress = Rows done: { $done } of { $total }. The page renews itself and may be closed: the work goes on.
import-ignored = Columns that the card does not have are left out: { $names }

import-count-new = New
import-count-known = Already there
import-count-faulty = With faults
import-count-created = Cards made
import-count-filled = Cards filled
import-count-skipped = Skipped
import-count-refused = Not loaded
import-count-undone = Taken back
import-count-kept = Left
import-nothing-to-do = There is nothing to load: all rows have faults.
import-faulty-stay = Rows with faults are left out. Mend them in the file and load it again: those already there are not doubled.
import-existing = What to do with those already there
import-existing-skip = Skip
import-existing-fill = Fill empty fields of the card
import-start = Load
import-discard = Do not load
import-discarded = The table was thrown away, nothing was written
import-started = Loading has begun

import-part-faulty = With faults
import-part-known = Already there
import-part-new = New
import-part-kept = Left
import-row = Row
import-name = Full name
import-fault = What is wrong
import-part-empty = There is no row here

import-undo = Take the import back
import-undo-question = Take the import back?
import-undo-text = Cards that were made are deleted (they can be restored for 30 days), fields that were filled are emptied.
import-undo-changed = These cards were changed since, or work with them has begun. They stay as they are:
import-undo-more = The first { $count } are shown.
import-undo-started = Taking back has begun
import-not-undoable = This import cannot be taken back any more
