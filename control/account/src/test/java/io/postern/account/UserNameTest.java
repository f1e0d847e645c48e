package io.postern.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// security-cases: e-mail/identifier parsing (oauth2-proxy GHSA-c5c4-8r6x-56w3).
class UserNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"b.simon@contoso.example", "B.Simon@Contoso.Example", "  b.simon@contoso.example\t"})
    void readsSpellingsOfOneNameAsOneName(String typed) {
        assertEquals(
                Optional.of("b.simon@contoso.example"), UserName.read(typed).map(UserName::value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "b.simon",
                "b.simon@",
                "@contoso.example",
                "a@b@contoso.example",
                "b.simon@contoso.example@evil.example",
                "b.simon@contoso.example,evil@evil.example",
                "b.simon@contoso.example\u0000",
                "b.simon @contoso.example",
                "b.simon\r\n@contoso.example",
                "b.\u017fimon@contoso.example", // long s folds to s
                "\u212aim@contoso.example", // Kelvin sign folds to k
                "b.simon@contoso\uff0eexample", // fullwidth full stop
                "b.s\u0131mon@contoso.example", // dotless i
                "b.simon@contoso.example\u200b",
                "\"b simon\"@contoso.example",
                "b..simon@contoso.example",
                ".b@contoso.example",
                "b.@contoso.example",
                "b.simon@[127.0.0.1]",
                "b.simon@-contoso.example"
            })
    void refusesWhatCouldBeReadInTwoWays(String typed) {
        assertTrue(UserName.read(typed).isEmpty());
    }
}
