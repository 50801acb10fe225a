//! Dates of the proleptic Gregorian calendar and days since the Unix epoch.
//!
//! Years are counted from March, so that the leap day is the last day of a year; 400 years are one
//! era of 146,097 days. (Hinnant, "chrono-Compatible Low-Level Date Algorithms".)

const DAYS_PER_ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const EPOCH_OFFSET: i64 = 719_468;

/// Returns the days from the Unix epoch to a date.
pub const fn to_days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - EPOCH_OFFSET
}

/// Returns the year, month and day that lie `days` days after the Unix epoch.
pub const fn from_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH_OFFSET;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Returns how many days a month has.
pub const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day from 0001 to 9999, against a calendar that counts instead of computing.
    #[test]
    fn every_day_is_where_a_counting_calendar_has_it() {
        let mut days = to_days(1, 1, 1);
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(to_days(year, month, day), days);
                    assert_eq!(from_days(days), (year, month, day));
                    days += 1;
                }
            }
        }
        assert_eq!((to_days(1, 1, 1), to_days(1970, 1, 1), days), (-719_162, 0, 2_932_897));
    }
}
