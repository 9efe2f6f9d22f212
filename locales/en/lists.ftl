# Districts, file types and special groups.

lists-add = Add
lists-search = Search by name
lists-acts = Actions
lists-change = Change: { $name }
lists-delete = Bin: { $name }
lists-no-such-name = No entry of the list has this name
lists-nothing-found = Nothing was found
lists-nothing-found-text = Try a part of the name: capital letters do not matter.

districts-lead = Lists of { -citizen(number: "pl") } are narrowed by district. A new district stands at the end.
districts-new = New district
districts-added = The district was added
districts-name = Name of the district
districts-none = No districts yet
districts-none-text = Press “Add” and type a name: the district can then be chosen on cards.
districts-zone-default = as in the organisation
districts-zone-hint = Reminders follow it for those whose card has no time zone of its own
districts-name-taken = There is already such a district
districts-name-hidden = There is such a district, but it was taken out of the list. Whoever runs the system can bring it back

file-types-lead = The types by which files on the cards are sorted, in alphabetical order.
file-types-new = New file type
file-types-added = The type was added
file-types-name = Name of the file type
file-types-none = No types yet
file-types-none-text = Press “Add” and type a name, for example “Certificate”: the type can then be chosen for a file.
file-types-name-taken = There is already such a type
file-types-delete-title = Deletion
file-types-delete-question = Delete the type “{ $name }”?
file-types-delete-text = It can no longer be chosen. Files that have it keep the name, marked “(deleted)”.
file-types-deleted = The type was deleted
file-types-gone = { $name } (deleted)

groups-lead = Groups are ticked on the card, behind “{ citizens-show-groups }”. Whoever runs the system changes the list when the administrator asks for it.
groups-none = No groups yet
groups-none-text = Whoever runs the system makes them.
groups-members = Show { -citizen(number: "pl") }
groups-name-taken = There is already such a group
