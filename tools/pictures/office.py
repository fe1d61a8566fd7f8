"""What more there is at the desk: the archive, the supervisor's pages, accounts."""

from __future__ import annotations

from playwright.async_api import expect

from tools.pictures.camera import PHONE, Camera


async def archive(camera: Camera, private: str, proposed: str) -> None:
    """What the scan finds in a proposal, and a proposal that a second person reads."""
    page = await camera.at_desk("samira", f"/desk/requests/{private}/archive")
    await expect(page.locator("#suspects")).to_be_visible()
    await camera.take(page, "desk-archive-propose")
    second = await camera.at_desk("ruth", f"/desk/archive/{proposed}/")
    await camera.take(second, "desk-archive-approve")
    for one in (page, second):
        await one.context.close()


async def supervisor(camera: Camera, logged: str) -> None:
    """Ruth's pages: figures, workload, giving requests to somebody else, the log of one."""
    page = await camera.at_desk("ruth", "/desk/satisfaction/")
    await camera.take(page, "desk-satisfaction")
    await page.goto("/desk/dashboard")
    await camera.take(page, "desk-figures")
    await page.goto("/desk/workload")
    await camera.take(page, "desk-workload")
    await page.goto("/desk/?show=waiting")
    for row in (0, 2):
        await page.locator("#requests .tick input").nth(row).check()
    await page.get_by_text("Give the ticked requests to a colleague or team").click()
    await page.locator("#move-to").select_option(label="Samira")
    await camera.take(
        page, "desk-move", first=page.locator("#requests"), last=page.locator("#move-box")
    )
    await page.goto(f"/desk/log?reference={logged}")
    await camera.take(page, "desk-log")
    await page.context.close()


async def canned(camera: Camera) -> None:
    """A canned answer in all languages, as Ruth writes it."""
    page = await camera.at_desk("ruth", "/desk/canned/")
    await page.locator("main tbody a").first.click()
    await camera.take(page, "desk-canned", last=page.locator("#text-de"))
    await page.context.close()


async def not_arrived(camera: Camera, reference: str) -> None:
    """What was sent, and did not arrive."""
    page = await camera.at_desk("jonas", f"/desk/requests/{reference}/")
    await camera.take(page, "desk-not-arrived", only=page.locator("#sent"))
    await page.context.close()


async def accounts(camera: Camera) -> None:
    """Ada's accounts and teams, and a second factor that Jonas sets up on a phone."""
    page = await camera.at_desk("ada", "/desk/accounts/")
    await camera.take(page, "desk-accounts")
    phone = await camera.at_desk("jonas", "/desk/account/second-factor", width=PHONE)
    await expect(phone.locator("img.qr")).to_be_visible()
    await camera.take(phone, "desk-second-factor-phone")
    for one in (page, phone):
        await one.context.close()
