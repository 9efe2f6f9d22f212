//! The people of the sample, and the lists around them.

use crate::patronage::curators::CuratorForm;

pub const DISTRICTS: [&str; 3] = ["Центральный", "Заречный", "Северный"];
pub const GROUPS: [&str; 4] = ["Инвалиды", "Многодетные семьи", "Одинокие пожилые", "Ветераны"];
pub const FILE_TYPES: [&str; 4] = ["Рецепт", "Справка", "Фото", "Чек"];

/// A curator of the sample.
pub struct SampleCurator {
    surname: &'static str,
    name: &'static str,
    patronymic: &'static str,
    phone: &'static str,
    email: &'static str,
    login: &'static str,
}

impl SampleCurator {
    /// The form that makes the curator, but for district and password.
    pub fn form(&self) -> CuratorForm {
        CuratorForm {
            surname: self.surname.to_owned(),
            name: self.name.to_owned(),
            patronymic: self.patronymic.to_owned(),
            phone: self.phone.to_owned(),
            email: self.email.to_owned(),
            login: self.login.to_owned(),
            ..CuratorForm::default()
        }
    }
}

pub const CURATORS: [SampleCurator; 2] = [
    SampleCurator {
        surname: "Иванова",
        name: "Анна",
        patronymic: "Петровна",
        phone: "+79135550101",
        email: "ivanova@example.org",
        login: "ivanova",
    },
    SampleCurator {
        surname: "Соколов",
        name: "Дмитрий",
        patronymic: "Олегович",
        phone: "+79135550102",
        email: "sokolov@example.org",
        login: "sokolov",
    },
];

/// Whether a citizen of the sample talks with the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// In a web chat.
    WebChat,
    /// Did, and has blocked it.
    Blocked,
    /// Not yet.
    None,
}

/// A citizen of the sample; numbers are places in the lists above.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub surname: &'static str,
    pub name: &'static str,
    pub patronymic: &'static str,
    pub birth_date: &'static str,
    pub phone: &'static str,
    pub curator: usize,
    pub district: usize,
    pub groups: &'static [usize],
    pub situation: &'static str,
    pub diary: &'static str,
    pub link: Link,
    pub is_inactive: bool,
    /// What the citizen wrote with a request for contact.
    pub asks: &'static str,
    /// What came of a talk the curator began.
    pub contact: &'static str,
}

impl Sample {
    /// «Фамилия Имя Отчество».
    pub fn full_name(&self) -> String {
        [self.surname, self.name, self.patronymic].join(" ")
    }
}

const NOBODY: Sample = Sample {
    surname: "",
    name: "",
    patronymic: "",
    birth_date: "",
    phone: "",
    curator: 0,
    district: 0,
    groups: &[],
    situation: "",
    diary: "",
    link: Link::WebChat,
    is_inactive: false,
    asks: "",
    contact: "",
};

macro_rules! citizen {
    ($surname:literal $name:literal $patronymic:literal, $birth_date:literal, $phone:literal, $situation:literal
        $(, $field:ident: $value:expr)* $(,)?) => {
        Sample {
            surname: $surname,
            name: $name,
            patronymic: $patronymic,
            birth_date: $birth_date,
            phone: $phone,
            situation: $situation,
            $($field: $value,)*
            ..NOBODY
        }
    };
}

pub const CITIZENS: [Sample; 24] = [
    citizen!("Петрова" "Мария" "Ивановна", "12.04.1948", "+79131110001", "Живет одна. Гипертония, принимает лекарства утром и вечером",
        groups: &[2], diary: "Просит звонить после обеда. Соседка — Вера Павловна", contact: "Позвонила, давление в норме, лекарства есть"),
    citizen!("Кузнецов" "Виктор" "Сергеевич", "03.09.1951", "+79131110002", "Инвалидность II группы после инсульта, восстанавливает речь",
        groups: &[0], asks: "Не могу записаться к врачу, помогите"),
    citizen!("Смирнова" "Ольга" "Андреевна", "27.01.1986", "+79131110003", "Трое детей, оформляет меры поддержки",
        groups: &[1], link: Link::None),
    citizen!("Попов" "Николай" "Фёдорович", "19.05.1939", "+79131110004", "Ветеран труда, плохо слышит: лучше писать", groups: &[2, 3]),
    citizen!("Васильева" "Нина" "Григорьевна", "08.11.1945", "+79131110005", "Сахарный диабет, измеряет сахар трижды в день",
        groups: &[2], asks: "Закончились тест-полоски"),
    citizen!("Новиков" "Павел" "Юрьевич", "14.07.1979", "+79131110006", "Ищет работу после болезни", district: 2),
    citizen!("Морозова" "Светлана" "Викторовна", "22.02.1990", "+79131110007", "Одна воспитывает сына с инвалидностью",
        groups: &[0], contact: "Помогла собрать документы на путевку"),
    citizen!("Волков" "Андрей" "Павлович", "30.10.1962", "+79131110008", "Перелом бедра, ходит с опорой", link: Link::Blocked),
    citizen!("Лебедева" "Галина" "Михайловна", "17.03.1943", "+79131110009", "Живет с мужем, оба старше 80 лет", groups: &[2]),
    citizen!("Семёнов" "Игорь" "Александрович", "05.12.1957", "+79131110010", "Бронхиальная астма", district: 1),
    citizen!("Егорова" "Татьяна" "Борисовна", "11.06.1983", "+79131110011", "Четверо детей, младшему два года", groups: &[1]),
    citizen!("Павлов" "Михаил" "Степанович", "25.08.1936", "+79131110012", "Ветеран, живет у дочери", groups: &[3], is_inactive: true),
    citizen!("Козлова" "Людмила" "Николаевна", "02.05.1950", "+79131110013", "Артериальная гипертония", curator: 1, district: 1,
        contact: "Договорились о визите в четверг"),
    citizen!("Степанов" "Алексей" "Дмитриевич", "16.09.1971", "+79131110014", "Слабовидящий, пользуется экранным чтецом",
        curator: 1, district: 1, groups: &[0]),
    citizen!("Николаева" "Вера" "Семёновна", "29.01.1941", "+79131110015", "После операции на глазах", curator: 1, district: 1, groups: &[2]),
    citizen!("Орлов" "Сергей" "Иванович", "07.04.1966", "+79131110016", "Проходит реабилитацию", curator: 1, district: 2,
        asks: "Когда следующая встреча?"),
    citizen!("Андреева" "Елена" "Павловна", "13.10.1988", "+79131110017", "Мать троих детей, ищет жилье", curator: 1, district: 1, groups: &[1]),
    citizen!("Макаров" "Юрий" "Леонидович", "21.12.1954", "+79131110018", "Хроническая болезнь почек", curator: 1, district: 1),
    citizen!("Никитина" "Надежда" "Антоновна", "09.02.1947", "+79131110019", "Забывает принимать лекарства", curator: 1, district: 2, groups: &[2]),
    citizen!("Захаров" "Олег" "Викторович", "31.03.1975", "+79131110020", "Инвалидность III группы", curator: 1, district: 1,
        groups: &[0], link: Link::Blocked),
    citizen!("Зайцева" "Ирина" "Олеговна", "18.07.1993", "+79131110021", "Ждет второго ребенка", curator: 1, district: 1),
    citizen!("Соловьёв" "Григорий" "Петрович", "24.11.1938", "+79131110022", "Одинокий, нужна помощь с покупками", curator: 1, district: 1,
        groups: &[2, 3]),
    citizen!("Борисова" "Наталья" "Сергеевна", "15.08.1959", "+79131110023", "Восстановление после химиотерапии", curator: 1, district: 2),
    citizen!("Яковлев" "Антон" "Михайлович", "04.06.1981", "+79131110024", "Потерял работу, двое детей", curator: 1, district: 1,
        link: Link::None),
];
