package io.postern.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "192.0.2.7,192.0.2.7,true",
        "192.0.2.7,192.0.2.8,false",
        "2001:db8::/32,2001:db8:1::5,true",
        "2001:db8::/32,2001:db9::5,false",
        "::/0,192.0.2.7,false",
        "0.0.0.0/0,192.0.2.7,true",
        "10.0.0.0/8,unknown,false",
        "10.0.0.0/8,10.1,false"
    })
    void holdsWhatBeginsLikeIt(String block, String address, boolean holds) {
        assertEquals(holds, AddressBlock.of(block).contains(address));
    }

    /// Names are never looked up, and nothing is guessed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10",
                "10.1",
                "010.0.0.256",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "fe80::1%eth0",
                ":",
                "1:2",
                "::ffff:0:0/129",
                " 10.0.0.1",
                ""
            })
    void whatIsNoBlockIsNone(String text) {
        assertEquals(Optional.empty(), AddressBlock.parse(text));
    }

    @Test
    void addressesMappedIntoIpv6AreABlockOfIpv6() {
        AddressBlock mapped = AddressBlock.of("::ffff:0:0/96");

        assertTrue(AddressBlock.of("::ffff:10.0.0.0/104").liesIn(mapped));
        assertFalse(AddressBlock.of("10.0.0.0/8").liesIn(mapped));
    }
}
