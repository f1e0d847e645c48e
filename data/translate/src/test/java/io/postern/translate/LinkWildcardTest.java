package io.postern.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.translate.UrlMap.Mapping;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// WILD-1, WILD-5: what links to hosts of wildcard applications become.
class LinkWildcardTest {
    private static final Mapping WIDE = new Mapping("http://*.corp", "/", "https://*.apps.example", "/");
    private static final Mapping FINANCE = new Mapping("http://*.finance.corp", "/", "https://*.fin.example", "/");
    private static final Mapping BUDGETS =
            new Mapping("http://budgets.finance.corp", "/b/", "https://budgets.example", "/");
    private static final UrlMap MAP = new UrlMap(List.of(WIDE, FINANCE, BUDGETS));

    private static String outward(String url, Mapping own) {
        return new LinkRules(MAP, own, EnumSet.of(LinkPlace.ATTRIBUTE), Optional.empty())
                .outward(url, LinkPlace.ATTRIBUTE)
                .map(found -> found.replacement() + url.substring(found.length()))
                .orElse(url);
    }

    @Test
    void exactHostThenDeeperWildcardThenWildcard() {
        assertEquals("https://budgets.example/x", outward("http://budgets.finance.corp/b/x", BUDGETS));
        assertEquals("https://budgets.fin.example/c", outward("http://budgets.finance.corp/c", BUDGETS));
        assertEquals("https://tax.fin.example/", outward("http://tax.finance.corp/", BUDGETS));
        assertEquals("https://wiki.apps.example/x?y", outward("http://wiki.corp/x?y", BUDGETS));
        assertEquals("http://corp/", outward("http://corp/", BUDGETS));
    }

    @Test
    void hostOfTheRequestNamesTheMapping() {
        assertEquals(
                new Mapping("http://wiki.corp", "/", "https://wiki.apps.example", "/"),
                WIDE.atExternalHost("wiki.apps.example"));
        assertEquals(BUDGETS, BUDGETS.atExternalHost("budgets.example"));
    }

    @Test
    void fieldsOfWildcardApplicationsAreTranslated() {
        var wiki = new FieldTranslation(MAP, WIDE.atExternalHost("wiki.apps.example"));
        assertEquals("https://shop.apps.example/x", wiki.outward("location", "http://shop.corp/x"));
        assertEquals("http://shop.corp/x", wiki.inward("referer", "https://shop.apps.example/x"));
        assertEquals("http://wiki.corp", wiki.inward("origin", "https://wiki.apps.example"));
    }
}
