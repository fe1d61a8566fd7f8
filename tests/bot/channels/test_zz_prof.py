import time, cProfile, pstats
from tests.bot.channels.conftest import *
async def test_speed(assistant, server):
    people=[server.person(n) for n in range(1,17)]
    async with assistant() as rt:
        import threading
        t=time.perf_counter(); c=time.process_time()
        for n in range(25):
            for p in people: await p.says(str(n))
        await server.until(lambda: len(server.sent)==400, 60)
        d=time.perf_counter()-t
        print("\n400 msgs", d, 400/d, "/s cpu", time.process_time()-c)
    
