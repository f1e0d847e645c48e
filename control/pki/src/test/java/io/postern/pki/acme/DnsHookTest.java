package io.postern.pki.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator's command for dns-01, as it may go wrong.
class DnsHookTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String NAME = "_acme-challenge.contoso.example";

    @TempDir
    Path folder;

    private DnsHook hook(Duration patience, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("hook"), "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return new DnsHook(file, patience);
    }

    @Test
    void isToldWhatToDoByItsArguments() throws Exception {
        Path told = folder.resolve("told");
        DnsHook hook = hook(LONG, "echo \"$1|$2|$3|$#\" >> " + told);

        hook.add(NAME, "-text_with$(id)");
        hook.remove(NAME, "-text_with$(id)");

        assertEquals(
                "add|" + NAME + "|-text_with$(id)|3\nremove|" + NAME + "|-text_with$(id)|3\n",
                Files.readString(told),
                "by no shell of ours");
    }

    @Test
    void saysWhatItSaidWhenItFails() throws Exception {
        DnsHook hook = hook(LONG, "echo no such zone >&2; yes | head -c 1000000; exit 3");

        String said = fault(hook);

        assertTrue(said.contains("ended with 3: no such zone"), said);
        assertTrue(said.length() < 600, said);
    }

    @Test
    void isEndedWhenItHangs() throws Exception {
        DnsHook hook = hook(Duration.ofMillis(300), "sleep 600");

        assertTrue(fault(hook).contains("did not end within"), "it ends");
    }

    @Test
    void isNamedWhenItIsNotThere() {
        assertTrue(fault(new DnsHook(folder.resolve("nothing"), LONG)).contains("check 'acme.dns-hook'"));
    }

    private static String fault(DnsHook hook) {
        return String.valueOf(
                assertThrows(AcmeFault.class, () -> hook.add(NAME, "text")).getMessage());
    }
}
