package io.postern.run.connector.directory;

import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.directory.DirectoryFault.Code;
import io.postern.connector.directory.DirectoryJob;
import io.postern.connector.directory.DirectoryReading;
import io.postern.connector.directory.DirectoryReading.Outcome;
import io.postern.connector.directory.DirectoryReading.Warning;
import io.postern.connector.directory.DirectorySettings;
import io.postern.run.connector.directory.DirectoryService.Answer;
import io.postern.run.connector.directory.DirectoryService.JobLost;
import io.postern.run.connector.directory.DirectoryService.Refused;
import io.postern.run.connector.directory.DirectoryService.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one directory whenever the service wants that (SYN-20): asks, reads, sends, and says how it went.
/// One virtual thread for each directory, which may wait; another keeps the lease while a server is slow.
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.directory");

    /// The service takes a lease back after 60 s.
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(2);
    private static final Duration AFTER_A_JOB = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final DirectorySettings settings;
    private final DirectoryService service;
    private final Patience patience;
    private final Thread thread;
    private Standing standing = Standing.UNKNOWN; // this thread's only, as below
    private List<Warning> known = List.of();

    private enum Standing {
        UNKNOWN,
        READS,
        STANDS_BY,
        ALONE
    }

    private DirectoryWatch(DirectorySettings settings, DirectoryService service, Duration patience) {
        this.settings = settings;
        this.service = service;
        this.patience = new Patience(patience);
        this.thread = Thread.ofVirtual().name("directory-" + settings.name()).unstarted(this::watch);
    }

    /// One for each directory of the file.
    public static List<DirectoryWatch> start(List<DirectorySettings> directories, DirectoryDoor door) {
        return directories.stream().map(each -> start(each, door, PATIENCE)).toList();
    }

    static DirectoryWatch start(DirectorySettings settings, DirectoryService service, Duration patience) {
        var watch = new DirectoryWatch(settings, service, patience);
        watch.thread.start();
        return watch;
    }

    /// Nothing new is begun; a job at hand ends with the page at hand, and the service is told.
    public void stop() {
        patience.stop();
    }

    /// As [#stop()], and waits for it, a second at most.
    @Override
    public void close() {
        stop();
        try {
            if (!thread.join(FAREWELL)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        Duration pause = PAUSE;
        while (!patience.isStopped()) {
            Duration wait;
            try {
                Answer answer = service.ask(settings.name(), Optional.empty());
                stand(answer.standby() ? Standing.STANDS_BY : Standing.READS, "");
                pause = PAUSE;
                wait = answer.job().isPresent() ? AFTER_A_JOB : answer.pause();
                answer.job().ifPresent(this::work);
            } catch (JobLost | Refused | Unavailable e) {
                stand(Standing.ALONE, String.valueOf(e.getMessage()));
                wait = pause;
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
            } catch (RuntimeException e) { // a fault of ours must not end the synchronisation for good
                LOG.atError()
                        .addKeyValue("directory", settings.name())
                        .setCause(e)
                        .log("reading the directory failed in an unforeseen way");
                wait = PAUSE_MAX;
            }
            try {
                patience.await(wait);
            } catch (Patience.Stopped e) {
                return;
            }
        }
    }

    private void stand(Standing now, String reason) {
        if (now == standing) {
            return;
        }
        standing = now;
        var line = (now == Standing.ALONE ? LOG.atWarn() : LOG.atInfo()).addKeyValue("directory", settings.name());
        switch (now) {
            case READS -> line.log("this connector reads the directory for the service");
            case STANDS_BY -> line.log("another connector reads the directory; this one stands by");
            case ALONE ->
                line.addKeyValue("reason", reason).log("the service cannot be asked about the directory; trying on");
            case UNKNOWN -> throw new IllegalStateException("nobody goes back to the beginning");
        }
    }

    private void work(DirectoryJob job) {
        long begun = System.nanoTime();
        var pages = new DirectoryPages(service, patience, job.id(), job.pageEntries());
        Thread keeper = Thread.ofVirtual().name("directory-lease").start(() -> keep(job, pages));
        try {
            Outcome outcome = read(job, pages);
            pages.finish();
            patience.with(() -> service.done(job.id(), outcome));
            tell(job, pages, outcome, Duration.ofNanos(System.nanoTime() - begun));
        } catch (DirectoryFault e) {
            fail(job, e);
        } catch (Refused e) {
            fail(job, new DirectoryFault(Code.OTHER, String.valueOf(e.getMessage()), "update the older of the two", e));
        } catch (Patience.Stopped e) {
            fail(
                    job,
                    new DirectoryFault(
                            Code.OTHER,
                            "the connector that read directory '" + settings.name() + "' was stopped",
                            "nothing needs to be done; it is read anew by another connector, or when this one is back",
                            e));
        } catch (JobLost | Unavailable e) {
            LOG.atWarn()
                    .addKeyValue("directory", settings.name())
                    .addKeyValue("entries", pages.sent())
                    .addKeyValue("reason", e.getMessage())
                    .log("reading the directory was given up; the service asks again");
        } finally {
            keeper.interrupt();
        }
    }

    private Outcome read(DirectoryJob job, DirectoryPages pages) {
        if (!job.directory().equals(settings.name())) {
            throw new DirectoryFault(
                    Code.OTHER,
                    "this connector was asked for directory '" + settings.name() + "' and told to read '"
                            + job.directory() + "'",
                    "name the directory in 'directories' of connector.yaml as the service knows it");
        }
        return DirectoryReading.read(settings, job, pages);
    }

    /// Asks while nothing is sent, so that the service knows that somebody works.
    private void keep(DirectoryJob job, DirectoryPages pages) {
        try {
            while (true) {
                Thread.sleep(SILENCE.dividedBy(4));
                if (pages.isSilentFor(SILENCE)) {
                    try {
                        service.ask(settings.name(), Optional.of(job.id()));
                    } catch (JobLost | Refused e) {
                        pages.loseBecause(String.valueOf(e.getMessage()));
                        return;
                    } catch (Unavailable e) {
                        LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the lease was not kept this time");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the job is over
        }
    }

    private void fail(DirectoryJob job, DirectoryFault fault) {
        (fault.code() == Code.CURSOR_EXPIRED ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("directory", settings.name())
                .addKeyValue("failure", fault.code().word())
                .addKeyValue("reason", fault.message())
                .addKeyValue("remedy", fault.remedy())
                .log("the directory was not read");
        try {
            service.failed(job.id(), fault);
        } catch (JobLost | Refused | Unavailable e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the service was not told");
        }
    }

    private void tell(DirectoryJob job, DirectoryPages pages, Outcome outcome, Duration took) {
        var news = new ArrayList<>(outcome.warnings());
        news.removeAll(known);
        known = outcome.warnings();
        news.forEach(w -> LOG.atWarn()
                .addKeyValue("directory", settings.name())
                .addKeyValue("warning", w.code())
                .addKeyValue("reason", w.message())
                .addKeyValue("remedy", w.remedy())
                .log("the directory is read, but not as well as it could be"));
        LOG.atInfo()
                .addKeyValue("directory", settings.name())
                .addKeyValue("kind", job.kind().name().toLowerCase(Locale.ROOT))
                .addKeyValue("entries", pages.sent())
                .addKeyValue("pages", pages.pages())
                .addKeyValue("millis", took.toMillis())
                .log("the directory was read");
    }
}
