package dev.tetra.tsm.core;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.locks.LockSupport;

/** A worker that holds a port of the loopback until it is ended: {@code PortHolderMain PORT}. Prints {@code bound} first. */
final class PortHolderMain {
    private PortHolderMain() {}

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket held =
                new ServerSocket(Integer.parseInt(arguments[0]), 1, InetAddress.getLoopbackAddress())) {
            System.out.println("bound");
            while (held.isBound()) {
                LockSupport.park();
            }
        }
    }
}
