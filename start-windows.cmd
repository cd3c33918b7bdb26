@echo off
rem Opens pams in the browser, on this machine alone. The first time it installs pams beside this file.
rem Needs Python 3.11 or newer, and a network the first time; neither make nor git. See docs/windows.md.
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
if exist ".venv\Scripts\pams.exe" goto serve
set PY=python
where py >nul 2>nul
if not errorlevel 1 set PY=py -3
%PY% -c "import sys; sys.exit(sys.version_info < (3, 11))"
if errorlevel 1 goto nopython
%PY% -m venv .venv
if errorlevel 1 goto failed
.venv\Scripts\python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
if errorlevel 1 goto failed
.venv\Scripts\python -m pip install --disable-pip-version-check colorama
if errorlevel 1 goto failed
.venv\Scripts\python -m pip install --disable-pip-version-check --no-deps .
if errorlevel 1 goto failed
:serve
.venv\Scripts\pams serve --drop "%USERPROFILE%\pams" %*
if errorlevel 1 pause
exit /b
:nopython
echo Python 3.11 or newer is needed: install it for Windows with "Add python.exe to PATH" ticked, then start this file again.
echo Python 3.11 이상이 필요합니다. "Add python.exe to PATH"를 선택해 설치한 뒤 이 파일을 다시 실행하십시오.
pause
exit /b 3
:failed
echo The installation did not come to its end; what is wrong stands above. Start this file again when it is mended.
echo 설치를 끝내지 못했습니다. 까닭은 위에 있습니다. 고친 뒤 이 파일을 다시 실행하십시오.
pause
exit /b 3
