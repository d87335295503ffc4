//! The words that rules ask about, by what they stand for. `*` ends a stem. Latin letters are written with or without
//! their accents; words of scripts without blanks may be several.
//!
//! English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese, Japanese and Korean for what
//! injection and extraction are made of; the other kinds know less of some of them.

use super::concept::{
    ACCOUNT, AI, ALL, ANYTHING, ASK, BEGIN, CALL, CHAT, CLICK, CODE, Concepts, DEBUG, DEVICE, DISCUSS, DO,
    ENABLE, ENCODED, FOLLOW, FREED, IGNORE, LIMITS, LOGIN, MATTER, MODE, MY, NEGATION, NEW, NOW, OBEY,
    ORDERS, OTHER, PHRASE, PRETEND, PRIOR, REFUSAL, REGARDLESS, REPLY, REVEAL, RULES, SECRET, SEND, SHOW,
    STOP, SUPERSEDE, SURE, SYSTEM, TALE, TEXT, TOLD, TOPIC, URGENT, VERBATIM, VERIFY, WHAT, WITHOUT, WRITE,
    WRONG, YOU, YOUR,
};

#[rustfmt::skip]
pub static WORDS: &[(Concepts, &str)] = &[
    (IGNORE, "scrap ignor* disregard* forget* forgot overrid* overrule* bypass* neglect* discard* skip circumvent* dismiss* nullif*
        vergiss vergesst vergessen missachte* uebergehe überspringe umgehe
        oublie* négligez contourne* olvid* omite omita descarta* esqueç* esquece* desconsider* descarte*
        dimentica* scorda* trascura* tralascia* negeer* vergeet zapomnij zapomnijcie pomiń pomijaj zignoruj*
        игнориру* проигнорируй* забудь забудьте отбрось* пренебреги*
        忽略 无视 無視 忘记 忘掉 忽視 無視 忘れ 忘れて 무시 잊어 잊고 drop abandon erase wipe suppress sidestep evade ausblenden verwirf omitir omitan omets omettez abandonne annule ignorati negeren omzeil omzeilen обойди обходи 丢弃 绕过 跳过 破棄 回避 無効 버리고 우회"),
    (PRIOR, "previous* prior preced* above earlier foregoing before preexisting past existing
        vorherig* vorangegangen* bisherig* vorig* früher* obig* zuvor oben
        précéden* antérieur* dessus préalable* anterior* previ* arriba acima precedent* sopra
        vorige voorgaand* eerder* bovenstaand* poprzedni* wcześniej* powyższ* dotychczasow*
        предыдущ* прежн* предшеств* выше ранее прошл*
        之前 以前 先前 以上 上述 上面 前面 此前 これまで 今まで 上記 前の 先の 이전 앞의 앞선 위의 지금까지 先ほど さっき 直前 元の 最初の 刚才 刚刚 原来的 最初 아까 처음 passés passato pasadas"),
    (ALL, "all any every everything anything entire whole each
        alle alles sämtliche* jede* tout toute toutes tous todo toda todos todas cualquier* qualquer tudo
        tutto tutte tutti ogni qualsiasi al allemaal elke wszystk* każd* все всё всех всю весь любые
        所有 一切 全部 すべて 全て 一切 모든 모두 전부"),
    (YOUR, "your yours thy dein* eure* ihre* votre vos tes ton tus vuestr* seu seus sua suas tuas teus tue tuoi vostr* jouw uw je
 twoj* twoich wasz* твои твоих твой твоего твоя твою ваши ваших ваш вашего вашу
 你的 您的 你们的 あなたの 君の 너의 당신의  tu ta"),
    (MY, "my mine our mein* unsere* mes notre nos mis nuestr* meu meus minha minhas nosso nossa mio miei mie nostr* mijn onze moje moich moja nasze
        мои моих мой моего моё мою наши 我的 我们的 私の 僕の  나의"),
    (ORDERS, "instruction* instructed directive* guideline* prompt prompts preprompt metaprompt programming
 anweisung* instruktion* weisung* vorgabe* richtlinie* systemprompt* anleitung*
 consigne* directive* instruccion* directric* directriz* indicacion* instruç* instruc* diretriz* orientaç*
 istruzion* direttiv* indicazion* instructie* richtlijn* aanwijzing* instrukcj* wytyczn* poleceni* polecen
 инструкци* указани* директив* промпт*
 指令 指示 提示词 系统提示 提示 说明 命令 プロンプト 命令 지시 지침 명령 프롬프트 지시사항 guidance systeemprompt* systemprompt* instructs premise briefing blueprint systemnachricht systemanweisung* grundregel* instrukcje wskazów* установк* 系统消息 系统指令 設定文 システムメッセージ 지시문 명령어"),
    (RULES, "rule rules command commands order orders context constraint* polic* protocol* directions training conditioning settings configuration
        regeln regel befehl* kontext règle* règles ordre* reglas regla orden ordenes órdenes contexto regras regra ordem ordens
        regole regola ordini comandi contesto regels opdracht* zasad* reguł* rozkaz* kontekst* правил* команд* контекст* приказ*
        规则 規則 设定 設定 ルール 규칙"),
    (TOLD, "told said given handed instructed taught learned learnt gesagt mitgeteilt dit dicho ditos dito dette verteld gezegd powiedzian* сказан* говори* 说过 告诉 言われた 말한 receiv* got"),
    (NEW, "new updated revised real actual true latest neue neuen neuer neues nouvell* nouveau nuev* nova novas novo novos nuov* nieuwe nowe nowych новые новых новая новую 新的 新しい 새로운"),
    (NOW, "now henceforth hereafter onwards onward instead jetzt nun fortan stattdessen ab maintenant désormais dorénavant ahora adelante agora doravante adesso ora nu voortaan teraz odtąd теперь отныне вместо
        从现在起 从现在开始 现在 今から これから 이제 지금부터"),
    (NEGATION, "not dont doesnt didnt never cannot cant wont shouldnt mustnt neither nor avoid nicht nie niemals kein keine keinen pas jamais nunca jamás no não mai niet nooit geen nie nigdy не никогда нельзя
        不要 别 不得 请勿 しない しないで ないで 마세요 말고 않 ne non"),
    (OTHER, "i we can could may might would he she they it who which users people someone students employees customers drivers developers ich wir er sie man nous ils elles yo nosotros ellos eu nós eles io noi loro wij zij я мы они он она"),
    (YOU, "you u yourself thou du dich dir ihr tu toi vous te usted ustedes você voce vocês ti tú jij jou je ty ciebie ты вы тебя вас
        你 您 あなた 君 お前  너는 당신 당신은 넌"),
    (PRETEND, "pretend* act roleplay simulat* behave become impersonat* emulat* persona character portray* channel embody
 spiele spiel verhalte agiere simuliere comporte joue incarne simule actúa finge compórtate interpreta aja finja atue comporta fingi* agisci gedraag speel udawaj zachowuj wciel притворись представь веди действуй
 扮演 假装 充当 ふりをして 演じ なりきっ 행동해 연기해 역할 agis agissez embodying portraying mimic imitate assume adopt play playing verkörpere imite imitez imita imiteer naśladuj изобрази 模仿 真似 흉내"),
    (FREED, "unrestricted unfiltered uncensored  jailbroken jailbreak unchained unbound unshackled unethical amoral lawless uninhibited unaligned rogue liberated unconstrained unmoderated
        uneingeschränkt* unzensiert* ungefiltert*  irrestrict*  irrestrit*  ongecensureerd* onbeperkt* nieograniczon* неограничен* нефильтр*
        越狱 不受限制 无限制 不受约束 制限のない 無制限 脱獄 제한없는 탈옥 무제한 uncensor unshackled limitless untethered boundless ruleless disinhibited unleashed emancipated unchecked entfesselt* hemmungslos* débridé* libéré* liberad* desinhibid* sfrenat* ontketend* wyzwolon* раскрепощ* освобожд* 解放 自由な 해방 freed"),
    (WITHOUT, "no without free zero none lacking devoid lift lifted removed ohne sans sin sem senza zonder bez без 没有 无需 不受 なしで ない 없이 없는 freed"),
    (LIMITS, "restriction* restrict filter filters filtering limit limits limitation* censor* ethic* moral* safety safeguard* guardrail* boundar* policies constraint* morality moderation inhibition* taboo* 
 einschränkung* beschränkung* grenzen zensur ethik moral sicherheits* filtern limites limite restriction* éthique censure filtre* restriccion* límite* ética censura filtros restriç* restrizion* limiti etica filtri beperking* ethiek ograniczen* etyki cenzur* filtrów ограничен* цензур* этик* фильтр*
 限制 过滤 审查 道德 安全 制限 倫理 検閲 제한 윤리 검열 필터 constraints prohibition* prohibit* inhibitions disclaimers prudish tabu* verbote* verbot interdit* prohibic* proibi* diviet* verbod* zakaz* запрет* 禁止 约束 束縛 制約 금지 제약"),
    (AI, "ai ais assistant* chatbot* chatgpt gpt llm llms claude gemini copilot bot bots agent agents model models ki assistent* ia asistente* assistente* modelo* modello* asystent* ии ассистент* модель
        人工智能 助手 模型 アシスタント 人工知能 어시스턴트 인공지능 machine algorithm system-ai sprachmodell* chatgpts model-lm modèle modèles sprach-ki taalmodel model-językowy нейросеть модель 语言模型 言語モデル 언어모델"),
    (MODE, "mode modus modo modalità modalita tryb trybie режим* 模式 モード 모드"),
    (DEBUG, "developer dev debug god admin administrator root sudo maintenance superuser diagnostic test unsafe dan stan evil chaos entwickler* wartung* développeur desarrollador desenvolvedor sviluppatore ontwikkelaar* programist* разработчик* 开发者 开发人员 開発者 개발자"),
    (ENABLE, "enable* enter activat* switch turn unlock* engage initiate launch aktivier* activez active activa ativa* ative attiva* activeer włącz aktywuj включи активируй 开启 进入 启用 有効 입력 활성화"),
    (REFUSAL, "refus* declin* sorry apologi* apology disclaimer* warning warnings caveat* moraliz* lecture lecturing hedge cannot unable inappropriate weiger* entschuldig* ablehn* warnhinweis* refuser excuse* avertissement* disculp* rechaz* negarte advertencia* recus* desculp* rifiut* scusart* avvertenz* weiger* excuses odmaw* przepraszaj отказ* извин*
        拒绝 道歉 警告 免责声明 断ら 謝ら 거절 거부 사과 object protest dodge evade withhold balk deny reject rejects 拒む 拒否 回避 推脱"),
    (OBEY, "obey* comply complies complying submit subservient gehorch* obéis obéir obedece obedec* obbedisc* gehoorzaam słuchaj подчиняй* 服从 従い 복종 heed accede acquiesce defer loyal unquestioning gehorsam obéissance obediencia obediência obbedienza gehoorzaamheid posłuszn* повинуй* 顺从 遵命 従順 순종"),
    (BEGIN, "start begin starts commence prefix preface beginne fange commence débute empieza comienza inicia comece inizia comincia zacznij rozpocznij начни 开头 开始回答 starting beginning"),
    (REPLY, "reply replies response responses respond answer answers answering output outputs antwort* réponse* réponds respuesta* responde* resposta* responda rispost* rispondi antwoord* odpowied* odpowiadaj ответ* отвечай 回答 回复 答え 回答 답변 대답"),
    (SURE, "sure absolutely certainly understood affirmative gladly natürlich selbstverständlich sicher claro seguro certo certamente natuurlijk zeker oczywiście конечно 当然 好的 もちろん 물론"),
    (REVEAL, "reveal* repeat recite echo print output disclos* leak* dump* expos* divulg* regurgitate spit
        wiederhol* offenbar* verrate* ausgib preisgib répète* répétez révèle* révélez divulgue* affiche* imprime* repite repita revela* muestra* muéstra* revel* repet* divulga* imprima mostra ripeti* rivela* stampa* herhaal onthul* ujawni* powtórz* wypisz wyświetl* раскрой* повтори* выведи* покажи*
        透露 重复 输出 泄露 打印 复述 公开 披露 繰り返し 繰り返して 出力 開示 漏らし 반복 출력 공개 노출 uncover unveil spill quote enumerate recount paraphrase transcribe relay enthülle enthüllen drucke cita citez dévoile dévoilez transcris transcribe desvela divulgue exiba revele mostrami scrivi onthullen druk wyjaw wydrukuj процитируй напечатай раскройте 揭示 引用 吐露 暴露 印刷"),
    (SHOW, "show tell give list share describe summariz* summaris* paste copy provide write display state quote translate explain transcribe zeig* nenne* teile gib schreib* montre* donne* liste écris dime muestra* dame diga mostre mostra* dimmi elenca dammi toon geef vertel pokaż podaj napisz расскажи* скажи* напиши*
 告诉 显示 给我 列出 展示 写出 教えて 見せて 表示 알려 보여 말해 rewrite rephrase paraphrase present outline relate recall summarise summarize rattle explain schildere nenne erzähl raconte décris cuéntame cuenta conte conta racconta descrivi vertel opisz opowiedz опиши перечисли 说明 描述 列举 説明して 列挙 설명해 나열 spell"),
    (SYSTEM, "system systems hidden secret initial original internal confidential underlying starting core preset developer root default custom
 versteckt* geheim* ursprünglich* intern* anfänglich* système caché* secrèt* initial* confidentiel* sistema ocult* inicial* secreto* interno* confidencia* original* originai* oculto* secreta* nascost* iniziale iniziali segret* originale systeem* verborgen geheime oorspronkelijk* systemow* ukryt* tajn* początkow* систем* скрыт* секретн* исходн* начальн* внутренн*
 系统 隐藏 初始 内部 秘密 最初的 システム 初期 隠し 内部 시스템 초기 숨겨진 내부 숨은 systeemprompt* systemprompt*"),
    (TEXT, "text texts words content contents message messages sentences lines paragraphs phrases everything tokens wörter worte inhalt mots texte contenu palabras texto contenido palavras conteúdo parole testo contenuto woorden tekst inhoud słowa treść текст слова содержан*
        文字 内容 文本 单词 言葉 文章 テキスト 텍스트 내용 단어 문장"),
    (VERBATIM, "verbatim exactly literally unaltered unmodified unabridged codeblock completely wörtlich* wortwörtlich* genau exakt textuellement intégral* literalmente textualmente exactamente exatamente integralmente testualmente esattamente letterlijk exact dosłownie dokładnie дословно полностью точно
 逐字 原样 一字不差 完整 一字一句 そのまま 原文 그대로 정확히 word wort mot palabra palavra parola woord słowo"),
    (SEND, "send post upload* forward transmit* exfiltrat* append* email mail deliver submit fetch curl  smuggle sende schick* envoie* envoyez transmet* envía* enviar enviad* envie envia* invia* inoltra stuur verstuur wyślij prześlij отправь* перешли* 发送 上传 传输 转发 送信 送って 보내 전송 업로드"),
    (SECRET, "secrets password* credential* token tokens apikey env keys key environment ssh cookies cookie dotenv passphrase geheimniss* passwört* zugangsdaten identifiants contraseñ* credencial* senhas chaves credenziali wachtwoorden hasła klucze пароли ключи 密钥 密码 凭证 秘密鍵 認証情報 비밀번호 자격 secret"),
    (CHAT, "conversation* chat chats history transcript data information info memory context session dialogue messages unterhaltung verlauf gespräch* conversación historial conversa histórico cronologia gesprek* rozmow* диалог* история переписк* 对话 聊天记录 历史 数据 会話 履歴 대화 기록 데이터"),
    (ENCODED, "encode* encoded encoding base64 hex rot13 urlencode* decode* decoding cipher morse kodier* encodez codifica* codifique zakoduj закодируй 编码 解码 エンコード デコード 인코딩 디코딩"),
    (ASK, "enter provide give reply confirm type share submit send tell paste supply input respond need require gib nenne sende bestätige* geben teilen fournissez indiquez envoyez donnez ingresa introduce proporciona envía envíe facilite informe digite forneça envie inserisci fornisci comunica voer geef podaj wpisz prześlij введите сообщите укажите пришлите
        提供 输入 发送 回复 入力 教えて 送って 입력 알려"),
    (LOGIN, "password passwords passcode pin login credential* username passwort* kennwort* anmeldedaten passe motdepasse identifiant* contraseña* clave senha wachtwoord* hasło hasła haslo пароль пароля логин 密码 パスワード 비밀번호 暗証番号 passphrase pincode credentials logindaten zugangscode codice parola wachtwoord pincode hasłem"),
    (PHRASE, "otp seed mnemonic cvv cvc 2fa mfa ssn tan passphrase recovery iban authenticator semilla jednorazow* одноразов* 验证码 助记词 認証コード シードフレーズ 인증번호"),
    (ACCOUNT, "account accounts wallet mailbox profile konto bankkonto compte cuenta conta account rekening konta аккаунт* счёт* счет* учётн* учетн* 账户 帐户 アカウント 口座 계정 계좌"),
    (URGENT, "urgent* immediately suspend* lock locked expire* expires unusual suspicious deactivat* terminat* restricted blocked permanently asap deadline sofort dringend gesperrt urgence suspendu bloqué* immédiatement urgente suspendid* bloquead* inmediatamente imediatamente sospes* bloccat* immediatamente geblokkeerd onmiddellijk zablokowan* natychmiast срочно заблокирован* немедленно 紧急 立即 冻结 停用 至急 停止 凍結 긴급 정지 즉시"),
    (VERIFY, "verify verification confirm validate reactivate restore reauthenticate authenticate bestätig* verifizier* vérifi* confirme* verifi* confirma* confirme verifica* conferma bevestig* potwierdź zweryfikuj подтверд* 验证 确认 確認 認証 확인 인증"),
    (CLICK, "click link links tap visit follow klick* link cliquez lien clic enlace clique clicca klik kliknij ссылк* перейдите 点击 链接 クリック リンク 클릭 링크"),
    (DISCUSS, "how explain* explanation define* definition translat* meaning mean means meant example examples difference* detect* prevent* protect* defend* mitigat* classify classifier* regex why article essay paper blog research* dataset* test tests phrase sentence string term analyz* analys* summariz* summaris* review compare discuss* works work benchmark* called scam fraud* legit legitimate spot identify recognize recognise avoid
        erklär* übersetz* bedeutet bedeutung beispiel* unterschied explique* expliquer traduis* tradui* signifie exemple* traduc* signific* ejemplo* explica* traduz* exemplo* traduci* spiega* esempi* vertaal* betekent voorbeeld* uitleg* przetłumacz* wyjaśnij znaczy przykład* объясни* переведи* значит означает пример*
        什么是 解释 翻译 意思 例子 区别 とは 説明 翻訳 意味 例 설명 번역 의미 뜻 예시 pourquoi warum perché waarom dlaczego почему why whether 为什么 なぜ 왜"),
    (TOPIC, "injection* jailbreaks jailbreaking phishing attack* attacker* owasp security adversarial redteam* awareness vulnerabilit* cybersecurity advisory advisories cve exploit* pentest* crafted spoof* malicious guardrail* threat* angriff* sicherheit attaque* sécurité ataque* seguridad segurança attacco attacchi sicurezza aanval* beveiliging atak* bezpieczeństw* атак* безопасност*
 攻击 注入 钓鱼 攻撃 フィッシング インジェクション 공격 피싱 보안 debate* alignment"),
    (WRITE, "write draft compose create generate design build develop make schreib* entwirf rédige* écris redacta* escribe* escreva* crie scrivi schrijf napisz напиши* 写 作って 書いて 작성"),
    (TALE, "story novel fiction* fictional hypothetical* imagine movie script game roleplay universe world scene geschichte stell hypothetisch* histoire imagine* historia imagina* hipotétic* immagina* ipotetic* stel verhaal wyobraź hipotetyczn* представь гипотетич* рассказ 假设 想象 小说 仮定 想像 小説 가상 상상 소설"),
    (DEVICE, "android iphone ios chrome firefox windows phone tablet browser laptop macos linux ubuntu vscode roku quest playstation xbox nintendo samsung pixel router discord steam excel photoshop app apps website server database camera printer tv car bios wordpress shopify kubernetes docker slack outlook gmail safari edge handy téléphone teléfono telefone telefono telefoon telefon телефон* 手机 浏览器 スマホ ブラウザ 휴대폰"),
    (CODE, "code function method class python java javascript typescript rust golang sql api endpoint header headers   script compiler tokenizer template templates json yaml css html regex variable parameter library framework npm pip git docker http client server unit ci pipeline webhook repository commit bug exception sdk cli terraform bash shell npm"),
    (CALL, "note attention dear hey hello message notice if when warning important reading processing parsing summarizing summarising hinweis achtung attention remarque nota atención atenção nota uwaga внимание примечание 注意 注意事项 お知らせ 주의"),
    (REGARDLESS, "regardless irrespective matter notwithstanding even ungeachtet egal independientemente independentemente indipendentemente ongeacht niezależnie независимо 无论 不管 関係なく 상관없이"),
    (WRONG, "illegal unethical immoral harmful dangerous offensive legality consequences violent explicit unlawful forbidden taboo illegal* unethisch* gefährlich* illégal* dangereu* ilegal* peligros* perigos* illegale pericolos* illegaal gevaarlijk* nielegaln* незаконн* вредн* опасн* 违法 非法 有害 違法 危険 불법 위험"),
    (ANYTHING, "anything whatever everything question* request* query queries demand* alles anfrage* frage* demande* requête* pregunta* petición* solicitud* pergunta* pedido* domand* richiest* vraag vragen verzoek* pytani* prośb* вопрос* запрос* 任何 问题 请求 質問 要求 질문 요청"),
    (DO, "do does perform execut* tun mach faire hacer fazer fare doen zrób делать 做 执行 実行 실행"),
    (STOP, "stop cease quit hör arrête* cesse* deja para pare smetti stop przestań перестань прекрати 停止 やめて 그만 disable* deactivat* off"),
    (FOLLOW, "follow following obey* adhere comply listen heed abide bound befolg* folge folgen suivre suis suivez respecte* sigue sigas seguir siga segui* seguire volg volgen stosuj przestrzegaj kieruj следуй* следовать соблюда* слушай
        遵守 遵循 听从 执行 従う 従わ 従って 따르 따라 tiens tenez tengas tomes beachte beachten leve tener conto cuenta"),
    (SUPERSEDE, "revok* annul* invalidat* supersede* replace* overrid* precedence priority trump* outrank* supplant* ersetz* vorrang remplace* priorité prévalent reemplaza* prioridad prevalece* substitu* prioridade sostitui* priorità vervang* voorrang zastępuj* pierwszeństwo замен* приоритет* 取代 优先 覆盖 優先 置き換え 우선 대체"),
    (MATTER, "email emails letter homework exam essay recipe player players chess board grammar spelling chapter ingredient* oven paragraph column error errors warning  typo draft teacher manual furniture doctor dosage customer client boss manager parents kids child* student* dog cat knitting assembly ikea license licence game cover meeting court contract* patent* lawsuit custody"),
    (WHAT, "what which was welche wie quelles quelle quels qué cuáles cuál quais qual quali wat welke jakie jaka какие какая какой каковы 什么 哪些 何 무엇 뭐"),
];
