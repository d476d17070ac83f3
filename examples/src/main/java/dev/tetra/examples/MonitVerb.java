package dev.tetra.examples;

import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.monit.Monitor;
import dev.tetra.examples.monit.Supervision;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code tsm monit}. */
final class MonitVerb {
    private static final String NO_TERMINAL = "tsm monit needs a terminal; tsm list -l shows the same once";

    private MonitVerb() {}

    static int run(Console console) throws InterruptedException {
        String type = console.caller().variable("TERM");
        if (console.columns() == 0 || type.isEmpty() || type.equals("dumb")) {
            throw new UsageException(NO_TERMINAL);
        }
        try {
            Monitor.run(new Around(console), console.style().isColoured());
        } catch (IOException noTerminal) {
            throw new UsageException(NO_TERMINAL);
        }
        return Failure.OK;
    }

    /** What the view knows of the command. */
    private record Around(Console console) implements Supervision {
        @Override
        public RuntimeDirectory directory() {
            return console.directory();
        }

        @Override
        public OptionalLong owner() throws IOException {
            Optional<OwnerProcess> owner = OwnerProcess.of(console.directory());
            return owner.isPresent() ? OptionalLong.of(owner.get().pid()) : OptionalLong.empty();
        }

        @Override
        public ServiceManager connect() throws IOException, InterruptedException {
            return BackgroundOwner.connect(console);
        }

        @Override
        public String sentence(Throwable failure) {
            return Failure.of(failure).message();
        }
    }
}
