package io.postern.run.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.run.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenPortTest {
    @Test
    void findsAFreePort() {
        assertNotEquals(0, ListenPort.settle(new HostPort("127.0.0.1", 0)).port());
    }

    @Test
    void keepsAPortThatWasNamed() {
        HostPort free = ListenPort.settle(new HostPort("127.0.0.1", 0));
        assertEquals(free, ListenPort.settle(free));
    }

    @Test
    void namesAPortThatIsTakenAndTheRemedy() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new HostPort("127.0.0.1", taken.getLocalPort());
            Fault fault = assertThrows(Fault.class, () -> ListenPort.settle(address));
            assertTrue(String.valueOf(fault.getMessage()).contains("another process listens on " + address));
        }
    }

    @Test
    void namesAnAddressThatIsNotOurs() {
        Fault fault = assertThrows(Fault.class, () -> ListenPort.settle(new HostPort("192.0.2.1", 0)));
        assertTrue(String.valueOf(fault.getMessage()).contains("192.0.2.1"));
    }

    @Test
    void letsOneServiceUseAFolder(@TempDir Path folder) throws IOException {
        FolderLock held = FolderLock.take(folder);
        Fault fault = assertThrows(Fault.class, () -> FolderLock.take(folder));
        assertTrue(String.valueOf(fault.getMessage()).contains(folder.toString()));
        held.close();
        FolderLock.take(folder).close();
    }
}
