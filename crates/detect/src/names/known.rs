//! Frequent given names and surnames by region, and words with a capital that are no names.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::fold::{Fold, fold};

const KNOWN: &[&str] = &[
    // English.
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Donald Steven \
     Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric \
     Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Dennis Jerry \
     Tyler Aaron Jose Henry Adam Douglas Nathan Peter Zachary Kyle Walter Harold Jeremy Ethan Carl Keith Roger Gerald Sean \
     Arthur Lawrence Dylan Jesse Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent \
     Mason Roy Ralph Bobby Russell Bradley Philip Eugene Liam Noah Oliver Harry Alfie Oscar Archie Simon Neil Stuart Graham \
     Ian Nigel Colin Trevor Alex Ben Sam Tom Mike Steve Dave Jim Bob Bill Dan Matt Chris Nick Tony Greg Jeff Ted Fred \
     Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley \
     Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Dorothy Amy \
     Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Helen Debra Rachel Carolyn Janet \
     Maria Catherine Heather Diane Olivia Julie Joyce Victoria Ruth Virginia Lauren Kelly Christina Joan Evelyn Judith \
     Andrea Hannah Megan Cheryl Jacqueline Martha Madison Teresa Gloria Sara Janice Ann Kathryn Abigail Sophia Frances \
     Jean Alice Judy Isabella Julia Denise Amber Doris Marilyn Danielle Beverly Charlotte Theresa Diana Natalie Brittany \
     Kate Lucy Claire Fiona Gemma Zoe Chloe Jane Anne Sally Jill Wendy Tracy Ellen Sophie Ella Mia Ava Molly Nora Eve Kim",
    "Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin \
     Thompson Robinson Clark Lewis Walker Hall Allen Wright Scott Adams Baker Nelson Carter Mitchell Roberts Turner Phillips \
     Campbell Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan Murphy Bailey Cooper Richardson Cox Howard \
     Ward Peterson Gray Watson Brooks Kelly Sanders Price Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry Powell \
     Patterson Hughes Flores Butler Simmons Foster Bryant Alexander Russell Griffin Hayes Sullivan O'Brien O'Connor \
     McDonald Doe Bloggs Fletcher Holmes Marshall Ellis Harrison Gibson Fraser Davies Ryan Byrne Walsh",
    // German.
    "Hans Peter Klaus Wolfgang Jürgen Jurgen Günter Horst Uwe Bernd Dieter Heinz Helmut Werner Manfred Gerhard Karl Rolf \
     Stefan Andreas Markus Matthias Tobias Florian Sebastian Lukas Felix Jonas Maximilian Max Leon Finn Moritz Jan Tim \
     Johannes Christian Martin Frank Ralf Holger Thorsten Torsten Sven Dirk Jens Ute Ursula Monika Petra Sabine Renate Helga \
     Brigitte Ingrid Erika Gisela Anja Birgit Heike Katrin Kathrin Silke Claudia Nadine Katja Lena Lea Hannah Mia Johanna \
     Greta Frieda Heidi Annika Franziska Jutta Angelika Gabriele Martina Müller Mueller Schmidt Schneider Fischer Weber Meyer \
     Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger \
     Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Huber Mayer Köhler Maier Mustermann Musterfrau Gruber Steiner",
    // French.
    "Pierre Jean Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Claude Christian Henri \
     Nicolas François Laurent Frédéric Thierry Pascal Olivier Sébastien Julien Antoine Guillaume Maxime Lucas Hugo Gabriel \
     Raphaël Léo Mathieu Étienne Benoît Luc Yves Gilles Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline \
     Anne Sylvie Martine Nicole Christine Suzanne Chantal Valérie Sandrine Véronique Céline Camille Manon Chloé Léa Inès \
     Amélie Aurélie Émilie Hélène Juliette Louise Élise Margaux Geneviève Dupont Durand Dubois Moreau Laurent Lefebvre Leroy \
     Roux Morel Fournier Girard Bonnet Lambert Fontaine Rousseau Blanc Guérin Boyer Garnier Chevalier Lefèvre Mercier Martin",
    // Spanish and Portuguese.
    "José Antonio Manuel Francisco Juan David Javier Carlos Jesús Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando \
     Jorge Luis Alberto Álvaro Diego Adrián Raúl Iván Enrique Ramón Vicente Andrés Santiago Mateo Joaquín Gonzalo Emilio \
     Julio Ricardo Eduardo Roberto Guillermo Hugo Óscar Rubén María Carmen Ana Isabel Dolores Pilar Josefa Teresa Rosa \
     Cristina Ángeles Antonia Marta Lucía Elena Mercedes Sofía Paula Daniela Valentina Camila Gabriela Alejandra Beatriz Silvia \
     Patricia Rocío Raquel Mónica Inés Guadalupe Ximena Fernanda Mariana Juana García Fernández González Rodríguez López \
     Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres \
     Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Garcia \
     Fernandez Gonzalez Rodriguez Lopez Martinez Sanchez Perez Gomez Hernandez Diaz Ramirez Cruz Reyes Vargas Mendoza",
    "João Joao Pedro Lucas Gustavo Felipe Bruno Thiago Tiago Rodrigo Marcelo Leonardo Vinícius Henrique Caio Paulo Rui Nuno \
     Luís Luiz Vitor Antônio António Francisca Aline Bruna Juliana Larissa Letícia Luana Vanessa Catarina Inês Joana Rita Sónia \
     Luísa Helena Márcia Adriana Silva Santos Oliveira Souza Sousa Lima Pereira Ferreira Costa Rodrigues Almeida Nascimento \
     Alves Carvalho Araújo Ribeiro Barbosa Martins Gomes Rocha Cardoso Correia Teixeira Mendes Nunes Marques Vieira Monteiro",
    // Italian.
    "Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo Franco Domenico Bruno Paolo Marco \
     Andrea Stefano Roberto Alessandro Luca Matteo Lorenzo Davide Simone Federico Riccardo Giorgio Massimo Fabio Claudio \
     Giulia Chiara Francesca Elisa Martina Giovanna Lucia Angela Rosa Paola Laura Silvia Valentina Alessia Ilaria Elena \
     Federica Giorgia Aurora Ginevra Beatrice Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Gallo \
     Conti De Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Mariani Rinaldi Caruso Ferrara Galli Martini",
    // Dutch and Nordic.
    "Jan Piet Kees Hendrik Willem Pieter Johan Gerrit Daan Sem Bram Thijs Jeroen Maarten Sander Joost Wouter Ruud Anneke \
     Marieke Femke Sanne Lotte Fleur Annelies Ingrid Marloes Saskia Jansen Visser Bakker Vries Smit Meijer Boer Mulder Bos Vos \
     Peters Hendriks Dekker Erik Lars Anders Per Karl Nils Björn Johan Mikael Magnus Olof Gustaf Sven Lennart Henrik Jens \
     Søren Niels Mads Rasmus Kasper Ole Bjørn Kåre Olav Håkon Jari Jukka Mikko Pekka Matti Juha Timo Antti Eero Ilkka Aino \
     Astrid Ingrid Birgitta Kerstin Karin Elsa Linnea Freja Maja Signe Kirsten Mette Hanne Liv Solveig Sigrid Tuula Anneli \
     Päivi Johansson Andersson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Hansen Olsen Larsen \
     Andersen Nielsen Jensen Pedersen Christensen Sørensen Korhonen Virtanen Mäkinen Nieminen Mäkelä Lindberg Lindström Berg",
    // Polish, Czech, Slovak, Hungarian, Romanian, South Slavic.
    "Jan Andrzej Piotr Krzysztof Stanisław Tomasz Paweł Józef Marcin Marek Michał Grzegorz Jerzy Tadeusz Adam Łukasz Zbigniew \
     Ryszard Dariusz Henryk Mariusz Kazimierz Wojciech Robert Mateusz Marian Rafał Jacek Janusz Mirosław Maciej Sławomir \
     Jakub Anna Maria Katarzyna Małgorzata Agnieszka Krystyna Barbara Ewa Elżbieta Zofia Janina Teresa Joanna Magdalena \
     Monika Jadwiga Danuta Irena Halina Helena Beata Aleksandra Marta Dorota Nowak Kowalski Kowalska Wiśniewski Wiśniewska \
     Wójcik Kowalczyk Kamiński Kamińska Lewandowski Lewandowska Zieliński Zielińska Szymański Woźniak Dąbrowski Kozłowski \
     Jankowski Mazur Jiří Jan Petr Josef Pavel Martin Tomáš Jaroslav Miroslav Zdeněk Václav Michal František Jakub Milan \
     Karel Lukáš David Vladimír Ondřej Marek Jana Marie Eva Hana Lenka Kateřina Lucie Věra Alena Petra Veronika Jaroslava \
     Tereza Martina Novák Nováková Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Němec László István József János \
     Zoltán Sándor Gábor Ferenc Attila Péter Tamás Zsolt Tibor András Csaba Imre Erzsébet Katalin Ilona Éva Judit Zsuzsanna Ágnes \
     Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Andrei Ion Mihai Alexandru Cristian Florin Gheorghe Vasile \
     Elena Ioana Mihaela Andreea Popescu Ionescu Popa Dumitru Marko Ivan Nikola Petar Jovan Milan Dragan Zoran Ante Luka Ivana \
     Jelena Milica Horvat Kovačević Jovanović Petrović Nikolić Marković Novak Zupan",
    // Russian, Ukrainian, Bulgarian, Greek.
    "Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Николай Владимир Артём Артем Павел Роман Игорь Олег \
     Виктор Юрий Антон Илья Кирилл Денис Константин Борис Григорий Пётр Петр Анна Мария Елена Ольга Наталья Татьяна Ирина \
     Светлана Екатерина Анастасия Юлия Людмила Дарья Ксения Галина Валентина Марина Виктория Надежда Вера Любовь Алина \
     Иванов Иванова Смирнов Смирнова Кузнецов Кузнецова Попов Попова Васильев Васильева Петров Петрова Соколов Соколова \
     Михайлов Новиков Новикова Фёдоров Морозов Морозова Волков Волкова Алексеев Лебедев Лебедева Козлов Козлова Олександр \
     Андрій Сергій Володимир Микола Тарас Богдан Дмитро Юлія Наталія Оксана Ірина Катерина Шевченко Мельник Коваленко Бондаренко \
     Бойко Ткаченко Георги Димитър Иванка Стоян Γιώργος Γιάννης Δημήτρης Νίκος Κώστας Παναγιώτης Βασίλης Μαρία Ελένη Κατερίνα \
     Αικατερίνη Σοφία Παπαδόπουλος Παπαδοπούλου Ivan Dmitry Dmitri Sergei Sergey Alexei Alexey Andrey Mikhail Nikolai Vladimir \
     Igor Oleg Viktor Yuri Boris Olga Natalia Tatiana Irina Svetlana Ekaterina Anastasia Oleksandr Andriy Volodymyr Taras \
     Ivanov Petrov Petrova Smirnov Sokolov Volkov Shevchenko Kovalenko Giorgos Yannis Dimitris Papadopoulos",
    // Turkish, Arabic, Persian, Hebrew.
    "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Ismail İsmail Osman Yusuf Murat Ömer Ramazan Halil Emre Can Burak Kemal \
     Serkan Deniz Fatma Ayşe Emine Hatice Zeynep Elif Meryem Merve Esra Büşra Selin Ece Yılmaz Kaya Demir Şahin Çelik Yıldız \
     Yıldırım Öztürk Aydın Özdemir Arslan Doğan Mohammed Muhammad Mohamed Mohammad Ahmed Ahmad Omar Umar Khalid Khaled Hassan \
     Hussein Hussain Ibrahim Youssef Yousef Mahmoud Abdullah Abdul Karim Tariq Faisal Salman Saleh Nasser Hamza Bilal Samir \
     Rashid Fatima Aisha Khadija Maryam Zainab Layla Leila Noor Nour Amina Yasmin Salma Hana Rania Reza Hossein Mehdi Amir \
     Farhad Zahra Moshe Yosef Yaakov Avi Shlomo Yitzhak Itai Noam Rivka Tamar Noa Yael Shira Cohen Levi Mizrahi Peretz Friedman",
    // South and East Asia, Africa.
    "Raj Rahul Amit Sanjay Vijay Rajesh Suresh Ramesh Anil Sunil Ashok Manoj Deepak Ravi Arjun Rohan Aditya Vikram Arun Kiran \
     Priya Anjali Pooja Neha Sunita Anita Kavita Lakshmi Deepika Shreya Divya Meera Aishwarya Sharma Verma Gupta Singh Kumar \
     Patel Shah Mehta Reddy Iyer Nair Rao Das Joshi Mishra Banerjee Chatterjee Mukherjee Khan Ali Begum Akhtar Hussain Wei \
     Ming Xiaoming Jing Yan Ying Hui Lei Jun Zhang Wang Li Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Zhu Guo Hu Lin Gao Luo Zheng \
     Liang Xie Tang Hiroshi Takashi Kenji Satoshi Akira Yuki Haruto Sakura Yoko Keiko Naoko Hanako Taro Ichiro Sato Suzuki \
     Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Minsu Jihoon Minjun Seojun Jiwoo \
     Soyeon Kim Lee Park Choi Jung Kang Cho Yoon Nguyen Nguyễn Tran Trần Le Pham Phạm Hoang Vu Vo Dang Bui Minh Anh Thi Thị Van Văn \
     Budi Agus Siti Dewi Sri Putra Wijaya Santoso Wayan Made Somchai Somsak Juan dela Reyes Bautista Ocampo Chinedu Emeka \
     Ngozi Chioma Oluwaseun Adebayo Okafor Okonkwo Adeyemi Kwame Kofi Ama Akosua Mensah Thabo Sipho Nomsa Dlamini Nkosi Wanjiku \
     Kamau Otieno Achieng Abebe Tesfaye",
];

/// Words with a capital that stand where a name would.
const NO_NAMES: &str = "your my our full first last middle given family sur name names user users username unknown none null \
    undefined true false yes no string text str char varchar integer int number boolean bool object array list map dict \
    optional option required any type value default example sample test testing demo dummy placeholder enter insert select \
    choose please click here the this that these those a an and or of for to in on at by with from is are was be not new old \
    all other same see above below date birth dob age gender sex address phone tel telephone mobile email mail fax city \
    state country zip postal code street title role position department job company organization id ssn passport \
    patient customer client employee account number contact person doctor physician male female married single status \
    january february march april may june july august september october november december monday tuesday wednesday thursday \
    friday saturday sunday mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec \
    sir madam madame team customer colleague colleagues friend friends everyone everybody folks hiring manager recruiter \
    reader readers editor editors customers members member subscriber valued world there guys folk diary applicant \
    build release debug deploy docs documentation install setup check lint format publish push pull request run tests unit \
    integration core library lib package module class function method struct enum trait interface impl public private \
    static const var let field fields column table row index key keys file files folder path directory server service \
    client api app application web site page home main menu button form input output error warning info message log data \
    database model view controller component plugin extension tool tools system windows linux macos android ios java \
    python rust javascript typescript node react google microsoft apple amazon github gitlab docker kubernetes aws azure \
    cloud open source license apache mit bsd gnu gpl software project version update upgrade create delete remove add get \
    set start stop begin end open close read write copy move left right top bottom center red green blue black \
    light dark color colour bold italic regular roman sans serif mono font size width height length count total sum \
    max min average mean north south east west inc ltd llc gmbh corp co ag kg sa standard basic advanced premium pro free \
    general special custom common simple complex multi single double integer float decimal hex binary ascii unicode utf \
    latin greek cyrillic hebrew arabic chinese japanese korean thai english french german spanish italian portuguese dutch \
    russian polish turkish european american british united states kingdom international national federal university \
    college school institute department ministry hospital clinic bank street road avenue drive lane court square \
    note notes todo fixme warning important deprecated since return returns param params parameter parameters arguments \
    if else when while do then try catch throw throws switch case break continue import export include require use using \
    how what why where who which whose can could should would will shall must may might feature features bug issue \
    issues fix fixed fixes change changes changed added removed updated created deleted initial final latest current previous \
    next last back up down out off self super base abstract generic template variable constant global local session cookie \
    token secret password login logout sign register account profile settings options config configuration environment \
    production staging development dev prod http https url uri html css xml json yaml toml sql rest graphql grpc tcp udp ip \
    dns ssl tls ssh ftp smtp imap not available n/a tbd confidential redacted anonymous admin administrator root guest nobody \
    support sales marketing billing finance legal human resources office desk help info service hello dear hi thanks regards \
    nome nombre nom naam vorname nachname datum geburtsdatum adresse telefon fecha data nascimento nacimiento dirección \
    teléfono rua straße strasse zone area region level group stage step phase part section chapter figure appendix volume \
    one two three four five six seven eight nine ten hundred empty blank missing invalid valid active inactive enabled disabled \
    image icon logo video audio media content body header footer sidebar nav link links event events handler listener action \
    actions state props store queue stack tree graph edge vertex point line circle shape rect box frame window screen display \
    memory cpu gpu disk cache buffer stream socket thread process task worker pool lock mutex atomic async sync future promise \
    primary secondary foreign unique query filter sort order group limit offset search find match replace pattern regex \
    expression statement block scope symbol operator literal identifier keyword comment attribute property element tag \
    必填 未知 不详 无 姓名 选填 请输入 名称 用户名 名前 氏名 이름 필수 имя фамилия отчество дата рождения телефон адрес";

/// In small letters, and what looks like a Latin letter as that one: text read plainly has it so.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = word.chars().map(|character| match fold(character) {
        Fold::To(to) | Fold::LookAlike(to) => char::from(to),
        Fold::Keep | Fold::Drop => character,
    });
    plain.flat_map(char::to_lowercase).collect()
}

static KNOWN_SET: LazyLock<HashSet<String>> =
    LazyLock::new(|| KNOWN.iter().flat_map(|region| region.split_whitespace()).map(folded).collect());
static NO_NAMES_SET: LazyLock<HashSet<String>> =
    LazyLock::new(|| NO_NAMES.split_whitespace().map(folded).collect());

/// Whether a word is on the list of frequent names, in either case. Of a double name one part is enough.
pub fn is_known(word: &str) -> bool {
    word.len() <= 40
        && (KNOWN_SET.contains(&folded(word))
            || word.split('-').any(|part| part.len() > 2 && KNOWN_SET.contains(&folded(part))))
}

/// Whether a word is surely no name.
pub fn is_no_name(word: &str) -> bool {
    word.len() <= 40 && NO_NAMES_SET.contains(&folded(word))
}
