//! Values by rule: signs are drawn until the check of the entity holds.

use std::fmt::Write;

use countersign_detect::Engine;

/// A small generator of numbers, the same for every run.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most
    }

    /// `#` a digit, `@` a capital, `*` either, `~Y` a year 1940-2004, `~y` of two digits, `~M` a month, `~D` a day.
    pub fn fill(&mut self, shape: &str) -> String {
        let mut out = String::new();
        let mut signs = shape.chars();
        while let Some(sign) = signs.next() {
            match sign {
                '#' => out.push(char::from(b'0' + self.below(10) as u8)),
                '@' => out.push(char::from(b'A' + self.below(26) as u8)),
                '*' => out.push(char::from(b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ"[self.below(33)])),
                '~' => {
                    let part = match signs.next() {
                        Some('Y') => 1940 + self.below(65),
                        Some('y') => 40 + self.below(59),
                        Some('M') => 1 + self.below(12),
                        _ => 1 + self.below(28),
                    };
                    let _ = write!(out, "{part:02}");
                }
                other => out.push(other),
            }
        }
        out
    }
}

#[derive(Debug)]
pub struct Kind {
    pub entity: &'static str,
    pub labels: &'static [&'static str],
    shapes: &'static [&'static str],
}

const fn kind(
    entity: &'static str,
    labels: &'static [&'static str],
    shapes: &'static [&'static str],
) -> Kind {
    Kind { entity, labels, shapes }
}

pub const TEMPLATES: &[&str] = &[
    "{label}: {value}",
    "My {label} is {value}.",
    "{\"{label}\": \"{value}\"}",
    "{label}={value}",
    "| {label} | {value} |",
    "The {label} we have on file is {value}, please confirm.",
    "{label}\t{value}\tactive",
    "name,{label}\nAnna Smith,{value}",
    "- {label} – {value}",
    "Hi, could you check {label} {value} for me? Thanks",
    "{label} no. {value}",
    "<td>{label}</td><td>{value}</td>",
    "Update the record with {label} ({value}) before Friday.",
    "{label} #{value}",
    "Form 7\nName: J. Doe\n{label}: {value}\nSigned: yes",
    "  \"{label}\" : \"{value}\",\n  \"active\": true",
    "INFO user updated {label}={value} status=ok",
    "{label} number: {value}",
    "Sehr geehrte Damen und Herren, meine {label} lautet {value}.",
    "Bonjour, mon {label} est {value}, merci.",
    "Hola, mi {label} es {value}.",
    "Il mio {label} \u{e8} {value}.",
    "Meu {label} \u{e9} {value}.",
    "{label}：{value}。",
    "Customer says {label}: {value}; call back.",
    "[{label}] {value}",
];

pub const KINDS: &[Kind] = &[
    kind(
        "US_SSN",
        &["SSN", "social security number", "ssn"],
        &["###-##-####", "#########", "### ## ####", "###.##.####"],
    ),
    kind("US_ITIN", &["ITIN", "individual taxpayer id"], &["9##-7#-####", "9##7#####"]),
    kind("US_EIN", &["EIN", "employer identification number"], &["##-#######"]),
    kind("ABA_ROUTING_NUMBER", &["routing number", "ABA"], &["#########"]),
    kind("US_BANK_NUMBER", &["account number", "bank account", "acct"], &["##########", "############"]),
    kind("US_PASSPORT", &["US passport", "passport"], &["#########", "@########"]),
    kind(
        "US_DRIVER_LICENSE",
        &["driver's license", "driver license", "drivers_license", "DL"],
        &["@#######", "@############", "@###-####-####"],
    ),
    kind("US_NPI", &["NPI", "provider_npi"], &["1#########"]),
    kind("US_MBI", &["MBI", "Medicare id"], &["#@*#-@*#-@@##", "#@*#@*#@@##"]),
    kind("MEDICAL_LICENSE", &["DEA", "DEA number"], &["@@#######"]),
    kind("VIN", &["VIN", "vin"], &["*****************"]),
    kind("CA_SIN", &["SIN", "social insurance number"], &["### ### ###", "#########", "###-###-###"]),
    kind("UK_NHS", &["NHS number", "nhs_number"], &["### ### ####", "##########"]),
    kind("UK_NINO", &["NINO", "National Insurance number"], &["@@######A", "@@ ## ## ## B"]),
    kind("UK_UTR", &["UTR"], &["##########"]),
    kind("UK_PASSPORT", &["UK passport", "British passport"], &["#########"]),
    kind("UK_DRIVING_LICENCE", &["driving licence", "driver number"], &["@@@@@#~M###@9@@"]),
    kind("UK_VEHICLE_REGISTRATION", &["registration", "vrm"], &["@@## @@@", "@@##@@@"]),
    kind("UK_POSTCODE", &["postcode"], &["SW# #@@", "LS## #@@"]),
    kind("UK_SORT_CODE", &["sort code"], &["##-##-##"]),
    kind("DE_TAX_ID", &["Steuer-ID", "IdNr"], &["## ### ### ###", "###########"]),
    kind("DE_TAX_NUMBER", &["Steuernummer"], &["##/###/#####", "###/###/#####"]),
    kind(
        "DE_SOCIAL_SECURITY",
        &["Sozialversicherungsnummer", "SV-Nummer"],
        &["##~D~M~y@###", "## ~D~M~y @ ###"],
    ),
    kind("DE_HEALTH_INSURANCE", &["Krankenversichertennummer", "KVNR"], &["@#########"]),
    kind("DE_ID_CARD", &["Personalausweis", "Ausweisnummer"], &["L########", "T########"]),
    kind("DE_PASSPORT", &["Reisepass", "Reisepassnummer"], &["C########", "F########"]),
    kind("DE_VAT_ID", &["USt-IdNr", "VAT"], &["DE#########"]),
    kind("DE_PLATE", &["Kennzeichen"], &["B-@@ ####", "HH-@@ ###", "MTK-@ ##"]),
    kind("POSTAL_CODE", &["PLZ", "zip", "code postal"], &["#####"]),
    kind("AT_SVNR", &["SVNr"], &["#### ~D~M~y", "####~D~M~y"]),
    kind("CH_AHV", &["AHV-Nr", "numéro AVS"], &["756.####.####.##", "756##########"]),
    kind("CH_UID", &["UID"], &["CHE-###.###.###"]),
    kind(
        "EU_VAT_ID",
        &["VAT number", "BTW-nummer", "TVA"],
        &["ATU########", "NL#########B##", "FR###########"],
    ),
    kind("IMEI", &["IMEI", "imei"], &["###############"]),
    kind("FR_NIR", &["numéro de sécurité sociale", "NIR"], &["1~y~M##########", "2 ~y ~M ## ### ### ##"]),
    kind("FR_NIF", &["numéro fiscal"], &["0############"]),
    kind("FR_SIRET", &["SIRET", "SIREN"], &["### ### ###", "##############"]),
    kind("FR_ID_CARD", &["carte d'identité", "CNI"], &["############"]),
    kind("FR_PASSPORT", &["passeport", "numéro de passeport"], &["##@@#####"]),
    kind("FR_PLATE", &["plaque", "immatriculation"], &["@@-###-@@"]),
    kind("BE_NRN", &["rijksregisternummer", "registre national"], &["~y.~M.~D-###.##", "~y~M~D#####"]),
    kind("BE_ENTERPRISE", &["ondernemingsnummer"], &["0###.###.###"]),
    kind("NL_BSN", &["BSN", "burgerservicenummer"], &["#########", "####.##.###"]),
    kind("NL_PASSPORT", &["paspoort"], &["NX@#####4"]),
    kind("LU_NATIONAL_ID", &["matricule"], &["~Y~M~D#####"]),
    kind("PT_NIF", &["NIF português", "contribuinte"], &["#########"]),
    kind("PT_CITIZEN_CARD", &["cartão de cidadão"], &["######## # ZX#"]),
    kind("ES_NIF", &["DNI", "NIF"], &["########@", "########-@", "##.###.###-@"]),
    kind("ES_NIE", &["NIE"], &["X#######@", "Y-#######-@"]),
    kind("ES_NUSS", &["número de la seguridad social", "NUSS"], &["############", "28/########/##"]),
    kind("ES_PASSPORT", &["pasaporte"], &["@@@######"]),
    kind("ES_PLATE", &["matrícula"], &["#### @@@"]),
    kind("IT_FISCAL_CODE", &["codice fiscale", "CF"], &["@@@@@@##@##@###@"]),
    kind("IT_VAT_CODE", &["partita IVA", "P.IVA"], &["###########"]),
    kind("IT_DRIVER_LICENSE", &["patente di guida"], &["@@#######@"]),
    kind("IT_PASSPORT", &["passaporto"], &["YA#######"]),
    kind("IT_IDENTITY_CARD", &["carta d'identità"], &["CA#####@@"]),
    kind("GR_AMKA", &["AMKA", "ΑΜΚΑ"], &["~D~M~y#####"]),
    kind("GR_AFM", &["AFM", "ΑΦΜ"], &["#########"]),
    kind("TR_TCKN", &["TC Kimlik No", "TCKN"], &["###########"]),
    kind("TR_VKN", &["VKN"], &["##########"]),
    kind("IL_ID", &["Teudat Zehut", "תעודת זהות"], &["#########"]),
    kind("HR_OIB", &["OIB"], &["###########"]),
    kind("JMBG", &["JMBG"], &["~D~M9########"]),
    kind("BG_EGN", &["EGN", "ЕГН"], &["~y~M~D####"]),
    kind("RO_CNP", &["CNP"], &["1~y~M~D######", "2~y~M~D######"]),
    kind("SE_PERSONNUMMER", &["personnummer"], &["~y~M~D-####", "19~y~M~D-####", "19~y~M~D####"]),
    kind("SE_ORGANISATIONSNUMMER", &["organisationsnummer"], &["556###-####"]),
    kind("NO_FODSELSNUMMER", &["fødselsnummer", "fnr"], &["~D~M~y#####", "~D~M~y #####"]),
    kind("DK_CPR", &["CPR-nummer", "cpr"], &["~D~M~y-####", "~D~M~y####"]),
    kind("DK_CVR", &["CVR"], &["########"]),
    kind("FI_PERSONAL_IDENTITY_CODE", &["henkilötunnus", "HETU"], &["~D~M~y-###*"]),
    kind("FI_BUSINESS_ID", &["Y-tunnus"], &["#######-#"]),
    kind("IS_KENNITALA", &["kennitala"], &["~D~M~y-###9"]),
    kind("IE_PPS", &["PPS number", "PPSN"], &["#######@", "#######@A"]),
    kind("BALTIC_PERSONAL_CODE", &["isikukood", "asmens kodas"], &["3~y~M~D####"]),
    kind("PL_PESEL", &["PESEL"], &["~y~M~D#####"]),
    kind("PL_NIP", &["NIP"], &["##########", "###-###-##-##"]),
    kind("PL_REGON", &["REGON"], &["#########"]),
    kind("PL_IDENTITY_CARD", &["dowód osobisty"], &["@@@######"]),
    kind("CZ_RODNE_CISLO", &["rodné číslo"], &["~y~M~D/####", "~y~M~D####"]),
    kind("CZ_ICO", &["IČO"], &["########"]),
    kind("HU_TAX_ID", &["adóazonosító jel"], &["8#########"]),
    kind("HU_TAJ", &["TAJ szám"], &["### ### ###", "#########"]),
    kind("UA_TAX_NUMBER", &["РНОКПП", "ІПН"], &["##########"]),
    kind("RU_INN", &["ИНН", "INN"], &["##########", "############"]),
    kind("RU_SNILS", &["СНИЛС"], &["###-###-### ##", "###########"]),
    kind("RU_PASSPORT", &["паспорт"], &["#### ######"]),
    kind("KZ_IIN", &["ИИН"], &["############"]),
    kind("BR_CPF", &["CPF"], &["###.###.###-##", "###########"]),
    kind("BR_CNPJ", &["CNPJ"], &["##.###.###/0001-##", "##############"]),
    kind("BR_RG", &["RG", "CNH"], &["##.###.###-#"]),
    kind("MX_CURP", &["CURP"], &["@@@@~y~M~DHDF@@@*#"]),
    kind("MX_RFC", &["RFC"], &["@@@@~y~M~D**#"]),
    kind("AR_CUIT", &["CUIT", "CUIL"], &["20-########-#", "27########-#"]),
    kind("CL_RUT", &["RUT"], &["##.###.###-#", "########-#"]),
    kind("CO_NIT", &["NIT"], &["#########-#"]),
    kind("PE_RUC", &["RUC"], &["20#########"]),
    kind("LATAM_NATIONAL_ID", &["cédula de ciudadanía"], &["##.###.###", "##########"]),
    kind("IN_PAN", &["PAN", "PAN card"], &["@@@P@####@"]),
    kind("IN_AADHAAR", &["Aadhaar", "आधार"], &["#### #### ####", "############"]),
    kind("IN_VOTER", &["voter id", "EPIC"], &["@@@#######"]),
    kind("IN_PASSPORT", &["Indian passport"], &["@#######"]),
    kind("IN_GSTIN", &["GSTIN"], &["27@@@P@####@1Z*"]),
    kind("IN_VEHICLE_REGISTRATION", &["vehicle number"], &["MH##@@####", "KA ## @@ ####"]),
    kind("CN_RESIDENT_ID", &["身份证号码", "身份证"], &["110105~Y~M~D###*"]),
    kind("CN_PASSPORT", &["护照号码"], &["E########"]),
    kind("JP_MY_NUMBER", &["マイナンバー", "My Number"], &["############", "#### #### ####"]),
    kind("KR_RRN", &["주민등록번호"], &["~y~M~D-1######"]),
    kind("KR_PASSPORT", &["여권번호"], &["M########"]),
    kind("KR_DRIVER_LICENSE", &["운전면허번호"], &["11-##-######-##"]),
    kind("KR_BRN", &["사업자등록번호"], &["###-##-#####"]),
    kind("SG_NRIC_FIN", &["NRIC", "FIN"], &["S#######@", "G#######@"]),
    kind("SG_UEN", &["UEN"], &["#########@"]),
    kind("TH_TNIN", &["เลขบัตรประชาชน", "Thai ID"], &["#############", "#-####-#####-##-#"]),
    kind("MY_NRIC", &["MyKad", "IC"], &["~y~M~D-14-####"]),
    kind("ID_NIK", &["NIK", "KTP"], &["3171##~D~M~y00##"]),
    kind("PH_ID", &["SSS", "PhilHealth"], &["34-#######-#"]),
    kind("AU_ABN", &["ABN"], &["## ### ### ###", "###########"]),
    kind("AU_ACN", &["ACN"], &["### ### ###"]),
    kind("AU_TFN", &["TFN", "tax file number"], &["### ### ###", "#########"]),
    kind("AU_MEDICARE", &["Medicare card"], &["2### ##### 1", "3########1"]),
    kind("NZ_IRD", &["IRD"], &["##-###-###"]),
    kind("ZA_ID", &["South African ID", "SA ID"], &["~y~M~D####08#"]),
    kind("NG_NIN", &["NIN", "BVN"], &["###########"]),
    kind("SWIFT_CODE", &["BIC", "SWIFT"], &["@@@@DE**", "@@@@FRPP***"]),
    kind("IBAN_CODE", &["IBAN"], &["DE################ ####", "NL##ABNA##########"]),
    kind(
        "CREDIT_CARD",
        &["card", "credit card"],
        &["4### #### #### ####", "5################", "4###-####-####-####", "4###.####.####.####"],
    ),
    kind(
        "PHONE_NUMBER",
        &["phone", "tel", "mobile", "Telefon", "téléphone", "WhatsApp"],
        &[
            "2125557###",
            "(212) 555-7###",
            "+49 30 ########",
            "06 ## ## ## ##",
            "98765 4####",
            "0412 ### ###",
            "(11) 9####-####",
            "415 555####",
            "090-####-####",
            "+1 415-555-0### ext. ##",
        ],
    ),
    kind(
        "DATE_OF_BIRTH",
        &["DOB", "date of birth", "geboren am", "fecha de nacimiento", "date_of_birth"],
        &["~Y-~M-~D", "~D/~M/~Y", "~D.~M.~Y", "~M/~D/~Y", "~D March ~Y", "March ~D, ~Y"],
    ),
    kind("AGE", &["age", "aged"], &["4#", "2#"]),
    kind("MAC_ADDRESS", &["MAC", "device"], &["00:1A:##:C#:4D:#E"]),
    kind("LICENSE_PLATE", &["license plate", "plate number"], &["#@@@###", "@@@-####"]),
    kind(
        "MEDICAL_RECORD_NUMBER",
        &["MRN", "medical record number", "patient id"],
        &["########", "MR-######"],
    ),
    kind(
        "MEMBER_ID",
        &["member id", "policy number", "employee id", "student id"],
        &["@@@#########", "E-######", "########"],
    ),
];

/// A value the engine takes for the entity when it stands behind its label and nothing else.
pub fn value(engine: &Engine, random: &mut Random, kind: &Kind, label: &str) -> Option<String> {
    let shape = kind.shapes[random.below(kind.shapes.len())];
    (0..30_000).find_map(|_| {
        let value = random.fill(shape);
        let text = format!("{label}: {value}");
        let spans = engine.scan(&text);
        let whole = spans.len() == 1 && text[spans[0].start..spans[0].end] == value;
        (whole && spans[0].entity.name() == kind.entity).then_some(value)
    })
}
