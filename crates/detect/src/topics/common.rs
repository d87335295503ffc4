//! Words that say nothing about a value, and words that say it is harmless.

/// May stand between a name and its value without parting them.
pub const FILLERS: &[&str] = &[
    "number", "numbers", "no", "nr", "num", "nos", "id", "ids", "is", "are", "was", "the", "my", "your", "his", "her",
    "their", "our", "of", "for", "a", "an", "and", "or", "code", "value", "as", "to", "under", "with", "has", "at", "in", "on",
    "de", "del", "la", "le", "el", "il", "du", "des", "der", "die", "das", "den", "lautet", "ist", "es", "est", "e", "et", "y", "und",
    "numero", "nummer", "numer", "n", "num\u{e9}ro", "mein", "meine", "mi", "mon", "ma", "mio", "mia", "meu", "minha", "o", "os",
    "mijn", "min", "mitt", "moj", "m\u{f3}j", "oj", "er", "on", "jest", "is", "it", "s", "data", "string", "str", "text", "field",
    "номер", "мой", "это", "αριθμος", "είναι", "numarası", "numarasi", "numarami", "no", "numri", "nro",
];

/// What follows is no personal number.
pub const ELSE: &[&str] = &[
    "order", "orders", "order number", "order no", "order id", "invoice", "invoices", "invoice number", "invoice no",
    "tracking", "tracking number", "shipment", "version", "isbn", "ean", "upc", "gtin", "sku", "asin", "doi", "issn", "build",
    "commit", "revision", "price", "amount", "total", "subtotal", "balance", "ticket", "batch", "lot number", "part number",
    "part no", "serial", "model", "timestamp", "epoch", "uuid", "guid", "hash", "checksum", "sha", "md5", "size", "bytes", "port",
    "latitude", "longitude", "lat", "lon", "lng", "coordinates", "bug", "issue", "request id", "trace id", "span id",
    "session id", "transaction id", "order ref", "case number", "reference number", "article", "item", "page", "pages", "pid",
    "offset", "width", "height", "duration", "elapsed", "milliseconds", "max age", "min age", "maxage", "cache age",
    "bestellnummer", "bestellung", "rechnung", "rechnungsnummer", "artikelnummer", "commande", "facture", "pedido", "factura",
    "fattura", "ordine", "fatura", "encomenda", "zam\u{f3}wienie", "faktura", "bestelling", "factuur", "заказ", "счет", "счёт",
    "订单", "订单号", "发票", "注文番号", "注文", "주문", "주문번호", "sipariş",
];
