package dev.tetra.examples.monit;

import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.ServiceManager;
import java.io.IOException;
import java.util.OptionalLong;

/** What the view needs of the command around it. <em>Safe for use by many threads.</em> */
public interface Supervision {
    /** The directory that is looked at. */
    RuntimeDirectory directory();

    /** The process that owns the directory now; empty if none does. */
    OptionalLong owner() throws IOException;

    /** A client of the owner, which is brought up when there is none; closed by the caller. */
    ServiceManager connect() throws IOException, InterruptedException;

    /** One sentence for people about a failure. */
    String sentence(Throwable failure);
}
