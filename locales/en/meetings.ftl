# The calendar of all meetings.

meetings-lead = A meeting is planned on the card, under “{ label-tab-programme }”.
meetings-none = No meetings in this period
meetings-name = Full name
meetings-overlap = Saved. There is already a meeting at this time: { $when }, { $name }
