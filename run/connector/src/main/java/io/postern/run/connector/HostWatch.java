package io.postern.run.connector;

import io.postern.tunnel.ConnectorStatus.Host;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Looks at the machine now and then, on a thread of its own, so that the service's question can be answered on
/// an event loop: reading `/proc` may take its time, above all counting ten thousand open files. What the system
/// does not tell is left out. Management beans would know most of it too, at 40 ms and a megabyte for the start.
final class HostWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(10);

    /// Unit of times in `/proc/self/stat`: fixed for user space since Linux 2.6.
    private static final long TICKS_PER_SECOND = 100;

    /// Positions in `/proc/self/stat`, counted after the name, which may hold spaces.
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    /// Positions in the first line of `/proc/stat` after the word: user nice system idle iowait irq softirq steal;
    /// what guests take is in user already.
    private static final int TIMES = 8;

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /// Everything that only means something as a difference.
    private record Times(long nanos, OptionalLong processTicks, OptionalLong machineTicks, OptionalLong machineIdle) {}

    private final Path proc;
    private final Thread thread;
    private Times before; // watching thread only, after the start
    private volatile Host latest;

    private HostWatch(Path proc) {
        this.proc = proc;
        this.before = times();
        this.latest = look(before);
        this.thread = Thread.ofVirtual().name("host-watch").unstarted(this::watch);
    }

    static HostWatch start() {
        return start(Path.of("/proc"));
    }

    static HostWatch start(Path proc) {
        var watch = new HostWatch(proc);
        watch.thread.start();
        return watch;
    }

    /// At most ten seconds old.
    Host latest() {
        return latest;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
                Times now = times();
                latest = look(now);
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Host look(Times now) {
        return new Host(
                Runtime.getRuntime().availableProcessors(),
                machineBusy(before, now),
                processBusy(before, now),
                kibibytes("meminfo", "MemTotal:"),
                kibibytes("meminfo", "MemAvailable:"),
                kibibytes("self/status", "VmRSS:"),
                openFiles(),
                openFilesMax());
    }

    private static OptionalDouble machineBusy(Times from, Times to) {
        if (from.machineTicks.isEmpty() || to.machineTicks.isEmpty()) {
            return OptionalDouble.empty();
        }
        long all = to.machineTicks.getAsLong() - from.machineTicks.getAsLong();
        long idle = to.machineIdle.orElse(0) - from.machineIdle.orElse(0);
        return all <= 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.clamp((all - idle) / (double) all, 0, 1));
    }

    private static OptionalDouble processBusy(Times from, Times to) {
        long nanos = to.nanos - from.nanos;
        if (from.processTicks.isEmpty() || to.processTicks.isEmpty() || nanos <= 0) {
            return OptionalDouble.empty();
        }
        double seconds = (to.processTicks.getAsLong() - from.processTicks.getAsLong()) / (double) TICKS_PER_SECOND;
        return OptionalDouble.of(Math.max(0, seconds / (nanos / 1e9)));
    }

    private Times times() {
        long nanos = System.nanoTime();
        OptionalLong process = OptionalLong.empty();
        OptionalLong machine = OptionalLong.empty();
        OptionalLong idle = OptionalLong.empty();
        try {
            String stat = Files.readString(proc.resolve("self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            process = OptionalLong.of(Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]));
            String[] all = line("stat", "cpu ").split(" +", -1);
            long sum = 0;
            for (int i = 0; i < Math.min(TIMES, all.length); i++) {
                sum += Long.parseLong(all[i]);
            }
            machine = OptionalLong.of(sum);
            idle = OptionalLong.of(Long.parseLong(all[IDLE]) + Long.parseLong(all[IO_WAIT]));
        } catch (IOException | RuntimeException e) { // another system, or another form: then it is not known
            return new Times(nanos, process, machine, idle);
        }
        return new Times(nanos, process, machine, idle);
    }

    private OptionalLong kibibytes(String file, String name) {
        try {
            return OptionalLong.of(Long.parseLong(line(file, name).replaceAll("[^0-9]", "")) * 1024);
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong openFiles() {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(proc.resolve("self/fd"))) {
            long count = 0;
            for (var files = open.iterator(); files.hasNext(); files.next()) {
                count++;
            }
            return OptionalLong.of(Math.max(0, count - 1)); // the folder that is being read is open too
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong openFilesMax() {
        try {
            String soft = line("self/limits", "Max open files").split(" +", -1)[0];
            return soft.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(soft));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /// What follows `start` on the line that begins with it.
    private String line(String file, String start) throws IOException {
        for (String line : Files.readAllLines(proc.resolve(file))) {
            if (line.startsWith(start)) {
                return line.substring(start.length()).strip();
            }
        }
        throw new IOException("no line '" + start + "' in " + file);
    }
}
