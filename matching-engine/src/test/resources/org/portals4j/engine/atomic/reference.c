/*
 * What a C compiler makes of every atomic operation. Reads records of 98 bytes (operation, datatype,
 * target, data, operand: 32 bytes each) and writes the target after the operation, 32 bytes.
 * Compiled and run by AtomicVectorsTest.
 */
#include <complex.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MIN, MAX, SUM, PROD, LOR, LAND, BOR, BAND, LXOR, BXOR,
       SWAP, CSWAP, CSWAP_NE, CSWAP_LE, CSWAP_LT, CSWAP_GE, CSWAP_GT, MSWAP };

static unsigned char in[98], out[32];

#define LOAD(T) T t, d, o; memcpy(&t, in + 2, sizeof t); memcpy(&d, in + 34, sizeof d); memcpy(&o, in + 66, sizeof o);
#define STORE memcpy(out, &t, sizeof t);
#define ANY \
    case SUM: t = t + d; break; \
    case PROD: t = t * d; break; \
    case SWAP: t = d; break; \
    case CSWAP: if (o == t) t = d; break; \
    case CSWAP_NE: if (o != t) t = d; break;
#define ORDERED \
    case MIN: if (d < t) t = d; break; \
    case MAX: if (d > t) t = d; break; \
    case CSWAP_LE: if (o <= t) t = d; break; \
    case CSWAP_LT: if (o < t) t = d; break; \
    case CSWAP_GE: if (o >= t) t = d; break; \
    case CSWAP_GT: if (o > t) t = d; break;
#define BITS \
    case LOR: t = t || d; break; \
    case LAND: t = t && d; break; \
    case LXOR: t = !t != !d; break; \
    case BOR: t = t | d; break; \
    case BAND: t = t & d; break; \
    case BXOR: t = t ^ d; break; \
    case MSWAP: t = (t & ~o) | (d & o); break;
#define INTEGER(T) static void do_##T(void) { LOAD(T) switch (in[0]) { ANY ORDERED BITS } STORE }
#define REAL(N, T) static void do_##N(void) { LOAD(T) switch (in[0]) { ANY ORDERED } STORE }
#define COMPLEX(N, T) static void do_##N(void) { LOAD(T) switch (in[0]) { ANY } STORE }

INTEGER(int8_t) INTEGER(uint8_t) INTEGER(int16_t) INTEGER(uint16_t)
INTEGER(int32_t) INTEGER(uint32_t) INTEGER(int64_t) INTEGER(uint64_t)
REAL(float, float) COMPLEX(float_complex, float complex)
REAL(double, double) COMPLEX(double_complex, double complex)
REAL(long_double, long double) COMPLEX(long_double_complex, long double complex)

int main(void) {
    static void (*const types[])(void) = {
        do_int8_t, do_uint8_t, do_int16_t, do_uint16_t, do_int32_t, do_uint32_t, do_int64_t, do_uint64_t,
        do_float, do_float_complex, do_double, do_double_complex, do_long_double, do_long_double_complex };
    while (fread(in, sizeof in, 1, stdin) == 1) {
        memset(out, 0, sizeof out);
        types[in[1]]();
        fwrite(out, sizeof out, 1, stdout);
    }
    return 0;
}
