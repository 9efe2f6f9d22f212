# «Дата встречи»: календарь всех встреч.

meetings-lead = Встречу назначают в карточке, на вкладке «{ label-tab-programme }».
meetings-none = За этот период встреч нет
meetings-name = ФИО { -citizen(case: "gen") }
meetings-overlap = Сохранено. На это время уже назначена встреча: { $when }, { $name }
