package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void countsEverythingButIdleAndWaiting() {
        //                                            user nice system idle iowait irq softirq steal guest
        var busy = Machine.parseBusy("cpu  100 10 50 9000 700 3 7 30 40 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");

        assertEquals(2.0, busy.busy(), 1e-9);
        assertEquals(0.3, busy.stolen(), 1e-9);
    }

    @Test
    void readsAProcessWhoseNameHoldsBlanksAndBrackets() {
        String stat = "12 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 300 100 20 0\n";

        assertEquals(2.0, Machine.parseCpu(stat, false), 1e-9);
        assertEquals(6.0, Machine.parseCpu(stat, true), 1e-9);
        assertEquals(0, Machine.parseCpu("", false), "a process that is gone");
    }

    @Test
    void readsThisVeryProcess() {
        List<ProcessHandle> self = List.of(ProcessHandle.current());

        assertTrue(Machine.cpuSeconds(self) > 0);
        assertTrue(Machine.residentBytes(self) > 10 << 20);
    }
}
