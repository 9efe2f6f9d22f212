//! «Дневник самоконтроля», «Патронаж»: citizens under care, their curators and reminders.

pub mod reminders;
