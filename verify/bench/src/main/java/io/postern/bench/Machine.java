package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Processor time and memory as Linux counts them in `/proc`. A tick there is 10 ms on every Linux of today.
final class Machine {
    private static final double TICKS_PER_SECOND = 100;

    /// All processors together, in seconds since boot.
    ///
    /// @param busy everything but idle and waiting for disks; includes stolen time
    /// @param stolen what the hypervisor gave to others
    record Busy(double busy, double stolen) {}

    private Machine() {}

    static Busy busy() {
        return parseBusy(read(Path.of("/proc/stat")));
    }

    /// @param stat text of `/proc/stat`: cpu user nice system idle iowait irq softirq steal guest guest_nice
    static Busy parseBusy(String stat) {
        String[] fields = stat.lines().findFirst().orElseThrow().trim().split(" +");
        double sum = 0;
        for (int i = 1; i <= 8; i++) { // guest time is already in user and nice
            if (i != 4 && i != 5) {
                sum += Long.parseLong(fields[i]);
            }
        }
        return new Busy(sum / TICKS_PER_SECOND, Long.parseLong(fields[8]) / TICKS_PER_SECOND);
    }

    /// Seconds of user and system time of these processes; one that has ended counts nothing.
    static double cpuSeconds(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToDouble(process -> parseCpu(read(Path.of("/proc", Long.toString(process.pid()), "stat")), false))
                .sum();
    }

    /// Our own time and that of every child that has ended and was waited for: load generators end before this is
    /// asked, daemons do not.
    static double ownCpuSeconds() {
        return parseCpu(read(Path.of("/proc/self/stat")), true);
    }

    /// @param stat text of `/proc/PID/stat`, empty when the process is gone
    static double parseCpu(String stat, boolean withChildren) {
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // the name may hold blanks
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        if (withChildren) {
            ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /// Resident bytes of these processes; pages that they share count for each.
    static long residentBytes(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToLong(process -> parseResident(read(Path.of("/proc", Long.toString(process.pid()), "status"))))
                .sum();
    }

    static long parseResident(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return ""; // it ended between open and read
            }
            throw new UncheckedIOException(e);
        }
    }
}
