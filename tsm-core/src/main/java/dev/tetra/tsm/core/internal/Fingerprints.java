package dev.tetra.tsm.core.internal;

import dev.tetra.tsm.core.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is remembered of a variable's value: enough to see that it changed, too little to find out what it was.
 *
 * <p>A fingerprint is six hexadecimal digits: the first three bytes of HMAC-SHA-256 (RFC 2104) of the value, keyed with the
 * service's token, so that one value has different fingerprints in different services. One change in 16.7 million goes
 * unseen. For the same reason no long random value can be found from its fingerprint: each 16.7 millionth fits. Whoever has
 * both token and fingerprint, which lie in the service's meta.json with mode 0600, can still sort out a short list of
 * guesses: it does not make a weak password safe.
 */
public final class Fingerprints {
    private static final int BYTES = 3;

    private Fingerprints() {}

    /**
     * The variables that a service is given beside those of whoever starts it: the environment file's, over them the spec's.
     *
     * @param fileVariables what the environment file sets; none without one
     */
    public static Map<String, String> own(ServiceSpec spec, Map<String, String> fileVariables) {
        Map<String, String> own = new TreeMap<>(fileVariables);
        own.putAll(spec.environment());
        return own;
    }

    /**
     * Name to fingerprint, by name.
     *
     * @param token the service's
     * @param variables name to value
     */
    public static Map<String, String> of(String token, Map<String, String> variables) {
        Map<String, String> fingerprints = new TreeMap<>();
        if (variables.isEmpty()) {
            return fingerprints;
        }
        Mac mac = mac(token);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            byte[] hash = mac.doFinal(variable.getValue().getBytes(StandardCharsets.UTF_8));
            fingerprints.put(variable.getKey(), hex(hash));
        }
        return fingerprints;
    }

    private static Mac mac(String token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // The prefix: a service of another program has no token, and an empty key is refused.
            mac.init(new SecretKeySpec(("tsm:" + token).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    private static String hex(byte[] hash) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < BYTES; i++) {
            hex.append(Character.forDigit((hash[i] >> 4) & 15, 16)).append(Character.forDigit(hash[i] & 15, 16));
        }
        return hex.toString();
    }

    /** What became of the variables between two maps of fingerprints. */
    public static Difference difference(Map<String, String> before, Map<String, String> after) {
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String old = before.get(name);
            String now = after.get(name);
            if (old == null) {
                added.add(name);
            } else if (now == null) {
                removed.add(name);
            } else if (!old.equals(now)) {
                changed.add(name);
            }
        }
        return new Difference(added, removed, changed);
    }

    /** Names of variables, each list sorted. <em>Immutable.</em> */
    public record Difference(List<String> added, List<String> removed, List<String> changed) {
        public Difference {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            changed = List.copyOf(changed);
        }

        /** Whether nothing became of them. */
        public boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
        }

        /** {@code +ADDED -REMOVED ~CHANGED}, separated by blanks. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            append(text, '+', added);
            append(text, '-', removed);
            append(text, '~', changed);
            return text.toString();
        }

        private static void append(StringBuilder text, char sign, List<String> names) {
            for (String name : names) {
                text.append(text.length() == 0 ? "" : " ").append(sign).append(name);
            }
        }
    }
}
