/// Translation of URLs between inside and outside. Pure. Floor 2.
@org.jspecify.annotations.NullMarked
module io.postern.translate {
    requires io.postern.base;

    exports io.postern.translate;
    exports io.postern.translate.body;
}
