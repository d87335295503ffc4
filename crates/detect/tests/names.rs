//! Names, addresses and organisations behind labels in many languages, whole and cut everywhere.

use std::sync::Arc;

use countersign_detect::Engine;

const FOUND: &[(&str, &str)] = &[
    ("Имя: Анна Петрова", "Имя: [PERSON]"),
    ("меня зовут Анна", "меня зовут [PERSON]"),
    ("ФИО: Петрова Анна Сергеевна", "ФИО: [PERSON]"),
    ("姓名：王小明", "姓名：[PERSON]"),
    ("氏名: 山田 太郎", "氏名: [PERSON]"),
    ("성명: 김민수", "성명: [PERSON]"),
    ("الاسم الكامل: محمد علي", "الاسم الكامل: [PERSON]"),
    ("שם מלא: משה כהן", "שם מלא: [PERSON]"),
    ("पूरा नाम: राहुल शर्मा", "पूरा नाम: [PERSON]"),
    ("Imię i nazwisko: Jan Kowalski", "Imię i nazwisko: [PERSON]"),
    ("Nom de famille : Lefèvre", "Nom de famille : [PERSON]"),
    ("Apellidos: García Márquez", "Apellidos: [PERSON]"),
    ("Ad Soyad: Ayşe Yılmaz", "Ad Soyad: [PERSON]"),
    ("ул. Ленина, д. 5", "[LOCATION]"),
    ("Адрес: ул. Ленина, д. 5, Москва", "Адрес: [LOCATION]"),
    ("地址：北京市朝阳区建国路88号", "地址：[LOCATION]"),
    ("Работодатель: ООО Ромашка", "Работодатель: [ORGANIZATION]"),
    ("公司：小明科技有限公司", "公司：[ORGANIZATION]"),
];

#[test]
fn labels_of_many_languages_are_read_in_every_cutting() {
    let engine = Arc::new(Engine::standard());
    for (text, expected) in FOUND {
        assert_eq!(engine.mask(text).text.as_deref(), Some(*expected), "{text}");
        for (cut, _) in text.char_indices() {
            let mut stream = engine.stream();
            let mut out = String::new();
            stream.push(&text[..cut], &mut out);
            stream.push(&text[cut..], &mut out);
            stream.finish(&mut out);
            assert_eq!(out, *expected, "{text} cut at {cut}");
        }
    }
}
