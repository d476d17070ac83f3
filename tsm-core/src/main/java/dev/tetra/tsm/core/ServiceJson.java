package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.MetaFile;

/** A service as JSON text, for hosts that pass it on. */
public final class ServiceJson {
    private ServiceJson() {}

    /** One JSON object on one line: exactly what meta.json holds of the service. */
    public static String toJson(Service service) {
        return MetaFile.toJson(service).toString();
    }
}
