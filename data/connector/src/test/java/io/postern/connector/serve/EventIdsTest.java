package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postern.tunnel.TunnelFailure;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// The numbers under which an administrator of the original looks for a fault (docs/operate/logs.md).
class EventIdsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    TLS, 13001
                    TLS_UNTRUSTED, 13001
                    TLS_EXPIRED, 13001
                    TLS_NAME, 13001
                    TLS_PIN, 13001
                    TLS_CLIENT_CERTIFICATE, 13001
                    RESOLVE, 13006
                    CONNECT, 13006
                    CONNECT_TIMEOUT, 13006
                    FIRST_BYTE_TIMEOUT, 13007
                    SIGN_ON_REFUSED, 13022
                    """)
    void aFaultOfABackendHasItsNumber(TunnelFailure failure, String number) {
        assertEquals(number, told(failure));
    }

    @Test
    void noOtherFaultHasOne() {
        var numbered = EnumSet.of(
                TunnelFailure.TLS,
                TunnelFailure.TLS_UNTRUSTED,
                TunnelFailure.TLS_EXPIRED,
                TunnelFailure.TLS_NAME,
                TunnelFailure.TLS_PIN,
                TunnelFailure.TLS_CLIENT_CERTIFICATE,
                TunnelFailure.RESOLVE,
                TunnelFailure.CONNECT,
                TunnelFailure.CONNECT_TIMEOUT,
                TunnelFailure.FIRST_BYTE_TIMEOUT,
                TunnelFailure.SIGN_ON_REFUSED);
        for (TunnelFailure failure : EnumSet.complementOf(numbered)) {
            assertEquals("none", told(failure), failure.toString());
        }
    }

    private static String told(TunnelFailure failure) {
        var said = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(EventIdsTest.class);
        said.start();
        logger.addAppender(said);
        try {
            EventIds.with(failure, logger.atWarn()).log("exchange failed");
        } finally {
            logger.detachAppender(said);
        }
        ILoggingEvent line = said.list.getFirst();
        return line.getKeyValuePairs() == null || line.getKeyValuePairs().isEmpty()
                ? "none"
                : String.valueOf(line.getKeyValuePairs().getFirst().value);
    }
}
